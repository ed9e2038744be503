"""How is a command line taken, and what do the commands without a room of their own ask and answer?"""
