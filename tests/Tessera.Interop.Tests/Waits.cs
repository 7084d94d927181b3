using Xunit;

// The tests at the PC/SC service go one after the other and wait most of their time: the others run beside them.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
