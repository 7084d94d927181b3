using System.Runtime.InteropServices;
using Tessera.Cards;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Toolkit.Interpretation;

/// <summary>The commands that scripts may send to one application of a card (docs/protocols/script.md §6.1).</summary>
/// <param name="Aid">In full; scripts select by nothing less.</param>
/// <param name="SignatureKeys">Key references that a sign step may name.</param>
public sealed record AppletPolicy(
    string Name, Bytes Aid, Sequence<AllowedCommand> Commands, Sequence<byte> SignatureKeys = default)
{
    /// <summary>
    /// Header and length only, so that a refused command is refused before the holder is asked for anything.
    /// </summary>
    internal bool Allows(CommandApdu header, int length) => Commands.Any(allowed => allowed.Covers(header, length));

    internal bool Allows(CommandApdu command) =>
        Commands.Any(allowed => allowed.Covers(command, command.Data.Length) && allowed.CoversData(command.Data));

    internal bool Allows(SignStep sign) =>
        SignatureKeys.Contains(sign.KeyReference) && Enum.IsDefined(sign.Algorithm);
}

/// <summary>One line of an allow-list: a class, an instruction, its parameters and how much data.</summary>
/// <param name="Data">Octets of data.</param>
/// <param name="Contents">What the data may be; anything where there is none.</param>
public sealed record AllowedCommand(
    string Name, byte Cla, byte Ins, Between P1, Between P2, Between Data, Sequence<Bytes> Contents = default)
{
    internal bool Covers(CommandApdu command, int length) =>
        command.Cla == Cla && command.Ins == Ins && P1.Has(command.P1) && P2.Has(command.P2) && Data.Has(length);

    internal bool CoversData(Bytes data) => Contents.Count == 0 || Contents.Contains(data);
}

/// <summary>One value, or all from least to most.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Between(int Least, int Most)
{
    public bool Has(int value) => value >= Least && value <= Most;

    public static Between Exactly(int value) => new(value, value);

    public static implicit operator Between(int value) => Exactly(value);
}
