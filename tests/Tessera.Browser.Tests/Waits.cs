using Xunit;

// A test of a browser waits most of its time: for messages on their way, and for repetitions of those that were lost.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
