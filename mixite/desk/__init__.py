"""What does an officer prepare before a commission: an order suggested, its reasons, and what comes back?"""
