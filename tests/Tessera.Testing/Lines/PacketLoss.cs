using System.Runtime.InteropServices;

namespace Tessera.Testing.Lines;

/// <summary>How packets are lost: the chances of a Gilbert model, whose bad state loses every packet.</summary>
/// <param name="Bad">The chance that the packet after one that came is lost.</param>
/// <param name="Good">The chance that the packet after one that was lost comes.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PacketLoss(double Bad, double Good)
{
    public static PacketLoss None => default;

    /// <summary>Each packet is lost with that chance, whatever became of the one before.</summary>
    public static PacketLoss Random(double rate) => new(rate, 1 - rate);

    /// <summary>That share of all packets is lost, in bursts of that mean length.</summary>
    public static PacketLoss Bursts(double rate, double meanPackets) =>
        new(rate / (1 - rate) / meanPackets, 1 / meanPackets);

    /// <summary>Whether the next packet is lost.</summary>
    internal bool Next(bool lost, Random random) =>
        this != None && (lost ? random.NextDouble() >= Good : random.NextDouble() < Bad);
}
