"""The same questions where one machine is too small: jobs for Apache Spark on the same Parquet.

Each asks a snapshot by its address and writes its answer as Parquet beside it, with the words and columns
of the answer on one machine. What a rule or a path means is not told again here: the tables are cut so that
a worker holds all that one answer needs, and the library's own functions answer there. Only what leads
through the whole graph, round by round, is joins.
"""

from __future__ import annotations

from listed.spark.affiliates import affiliates as affiliates
from listed.spark.affiliates import verdicts as verdicts
from listed.spark.answers import SparkAnswer as SparkAnswer
from listed.spark.exposure import exposure as exposure
from listed.spark.merging import SparkMerge as SparkMerge
from listed.spark.merging import merge as merge
from listed.spark.session import session as session
from listed.spark.watching import watched as watched

__all__ = ["SparkAnswer", "SparkMerge", "affiliates", "exposure", "merge", "session", "verdicts", "watched"]
