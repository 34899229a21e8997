# Actions of traffic control, of which filters can share one.
# modules: act_gact
tc actions add action drop index 4660
tc actions add action pass index 22136
tc -s actions show action gact
tc actions get action gact index 4660
tc actions del action gact index 4660
tc actions flush action gact
