"""Does a simulated territory look like what is published of the real ones, where nothing was fitted to it?"""
