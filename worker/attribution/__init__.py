"""Agency of origin and relay, as an article states them itself; pure.

Half of the texts that come from an agency say so behind their first quarter, so that a teaser hides it: what is not
stated is not stated, and never „own reporting“.
"""
