"""What is kept of a server and of a member: moved to another database, shown, erased.

holding    its face
tables     what each table keeps of whom, and what becomes of it: a table that isn't there fails a test
packing    a server as one ZIP
unpacking  … read again, within limits
moving     … put into a database
adopting   its transcripts there, and what hangs on them
rows       rows of tables there: whose numbers are whose, what is as good as there already
erasing    a server, until no file holds it
traces     whether a file holds words that only one server had
members    what is kept about a member
departures servers that the bot was removed from
"""
