"""What can be asked of a cotation grid: is it sound, what does it give, how does it differ from another?"""
