using System.Buffers;
using System.Reflection;
using Tessera.Wire;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace Tessera.Testing;

/// <summary>One octet string as a stream might deliver it.</summary>
public sealed record Delivery(string Label, ReadOnlySequence<byte> Octets)
{
    public override string ToString() => Label;
}

/// <summary>Feeds a stream test the same octets whole, cut in two at every place, and one at a time.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class WireDataAttribute(string hex) : DataAttribute
{
    public string Hex { get; } = hex;

    public override bool SupportsDiscoveryEnumeration() => false;

    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(
        MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([.. Deliveries(Bytes.FromHex(Hex).Span.ToArray()).Select(d => new TheoryDataRow<Delivery>(d))]);

    private static IEnumerable<Delivery> Deliveries(byte[] octets)
    {
        yield return new Delivery("whole", new ReadOnlySequence<byte>(octets));

        for (var cut = 1; cut < octets.Length; cut++)
            yield return new Delivery($"cut at {cut}", Segment.Chain(octets.AsMemory(..cut), octets.AsMemory(cut..)));

        yield return new Delivery("octet by octet", Segment.Chain([.. octets.Select((_, i) => octets.AsMemory(i, 1))]));
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public static ReadOnlySequence<byte> Chain(params IReadOnlyList<Memory<byte>> parts)
        {
            var first = new Segment { Memory = parts[0] };
            var last = first;
            foreach (var part in parts.Skip(1))
            {
                var next = new Segment { Memory = part, RunningIndex = last.RunningIndex + last.Memory.Length };
                last.Next = next;
                last = next;
            }

            return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
        }
    }
}
