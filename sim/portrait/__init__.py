"""What does the demand of a territory look like, and what could be offered to it in a year?

Pure functions over columns: who asks, in which band of points, for what; the vacancies a year should bring;
how many demands stand behind each, how long that means, and which of them a band is eligible for. Counts are
exact here; `cells` says which may be shown. Left out on purpose: any simulation of who is housed.
"""
