using Tessera.Cards;
using Tessera.Cards.Piv;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Toolkit.Interpretation;

/// <summary>
/// GENERAL AUTHENTICATE over a statement, which nobody but the interpreter builds (docs/protocols/script.md §5).
/// </summary>
/// <remarks>
/// <code>
/// 00 87 algorithm key { 7C L { 82 00, 81 L input } } 00
/// input   P-256: SHA-256 of the statement; P-384: its SHA-384; RSA: 00 01 FF.. 00 DigestInfo, SHA-256 of the statement
/// </code>
/// </remarks>
internal static class SignatureCommand
{
    public static bool Is(CommandApdu command) => command is { Cla: 0x00, Ins: PivCommands.GeneralAuthenticate };

    public static CommandApdu Build(SignStep sign, Bytes statement)
    {
        var algorithm = (PivAlgorithm)sign.Algorithm;
        return PivCommands.Sign(sign.KeyReference, algorithm, PivSignature.Input(algorithm, statement.Span));
    }
}
