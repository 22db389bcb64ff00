"""What is asked and what answers are worth, for moderators: kept for 30 days, without who asked.

recording  the face: questions as they are asked, members' votes, and what a month's come to
looking    a question that failed, asked again: what its words may have been
rows       its SQL
"""
