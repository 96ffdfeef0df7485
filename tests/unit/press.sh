#!/bin/sh
# Stands in for fengqiao-print: the document is the job that asks for it, in one file.
cat
echo 'file 0 1' >&2
