// The tests wait for the network, for other processes and for time limits more than they compute.
[assembly: CollectionBehavior(MaxParallelThreads = 6)]
