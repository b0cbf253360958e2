// Requests wait more than they work, so more classes than cores keep the cores busy.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
