"""What is alike in meaning, whatever its words: sentence vectors of passages and of questions. Only where it is on.

encoder     texts → vectors: what a model has to do, and the one there is
making      the vectors of passages, made in the background
questions   the vectors of questions, made once
likeness    how alike a question and each passage of a guild are
likenesses  those of the guilds that were asked last, under the budget of the indexes
"""
