using Xunit;

// A test of a browser waits most of its time: for messages on their way, and for repetitions of those that were lost.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]

namespace Tessera.Browser.Tests;

/// <summary>What is heard goes at the speed of the ear: such tests have the processors for themselves.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class Heard
{
    public const string Name = "heard";
}
