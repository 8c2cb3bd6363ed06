# Runs shells that do nothing, one after the other: shells.sh COUNT, for overhead.py.
set -e
left=$1
while [ "$left" -gt 0 ]; do
  sh -c true
  left=$((left - 1))
done
