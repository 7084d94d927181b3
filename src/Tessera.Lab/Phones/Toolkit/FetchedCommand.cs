using Tessera.Toolkit.Commands;
using Tessera.Wire;

namespace Tessera.Lab.Phones.Toolkit;

/// <summary>What a FETCH brought: a command, and what is wrong with it (ETSI TS 102 223 §6.10).</summary>
/// <param name="Fault">The result it is answered with; null where nothing is wrong.</param>
internal readonly record struct FetchedCommand(ProactiveCommand Command, GeneralResult? Fault)
{
    private static ReadOnlySpan<byte> DetailsTags => [0x81, 0x01];

    /// <summary>Any octets: a command that cannot be read keeps what can be read of its details.</summary>
    public static FetchedCommand Read(ReadOnlySpan<byte> octets)
    {
        try
        {
            var reader = new ByteReader(octets);
            var command = ProactiveCommand.Read(ref reader);
            reader.ReadEnd("proactive command");
            return new FetchedCommand(command, CommandRules.FaultOf(command));
        }
        catch (WireFormatException)
        {
            return new FetchedCommand(Details(octets), GeneralResult.DataNotUnderstood);
        }
    }

    /// <summary>The first thing that looks like command details, however wrong the lengths around it are.</summary>
    private static ProactiveCommand Details(ReadOnlySpan<byte> octets)
    {
        for (var at = 1; at <= Math.Min(octets.Length - 5, 4); at++)
        {
            if (DetailsTags.Contains(octets[at]) && octets[at + 1] == 3)
                return Bare(octets[at + 2], (CommandType)octets[at + 3], octets[at + 4]);
        }

        return Bare(0, default, 0);
    }

    private static ProactiveCommand Bare(byte number, CommandType type, byte qualifier) =>
        new(number, type, qualifier, Device.Uicc, Device.Terminal, []);
}
