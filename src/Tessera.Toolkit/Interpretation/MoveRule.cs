using System.Buffers.Binary;
using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Toolkit.Scripts;

namespace Tessera.Toolkit.Interpretation;

/// <summary>
/// What a MOVE must be made of, so that what is seen is what is signed (docs/protocols/script.md §6.3).
/// </summary>
/// <remarks>
/// <code>
/// adjust 4 | amount 4 | S2 8 | digest 8
/// adjust 4 | ceiling 4 | S2 8 | amount 4 | digest 8      with a ceiling
/// </code>
/// Goods stand before the digest.
/// </remarks>
internal static class MoveRule
{
    private const int AmountAt = 4;
    private const int TypedAmountAt = 16;

    public static bool IsMove(CommandApdu command) => command is { Cla: 0x80, Ins: 0x54 };

    public static bool IsDebit(CommandApdu command) => IsMove(command) && command.P1 == (byte)MoveKind.Debit;

    /// <summary>An adjust that needs the PIN: its receipt proves who is there, and moves nothing but pending adds.</summary>
    public static bool IsIdentification(CommandApdu command) =>
        IsMove(command) && command.P1 == (byte)MoveKind.Adjust && command.P2 == (byte)MoveTerms.PinRequired;

    /// <summary>
    /// True unless a debit or an identification is without its digest in the last eight octets, and nowhere else, or
    /// something but the amount of a debit with ceiling would be typed.
    /// </summary>
    public static bool Holds(CardUnit unit, CommandAssembly assembly)
    {
        var command = unit.Step.Command;
        if (!IsMove(command)) return true;

        foreach (var modifier in unit.Modifiers)
        {
            var holds = modifier.Step switch
            {
                InputStep input => IsDebit(command) && HasCeiling(command) && input.Source == InputSource.Amount &&
                    assembly.CameFrom(modifier, TypedAmountAt, InputStep.AmountSize),
                ShownDigestStep =>
                    assembly.CameFrom(modifier, assembly.Data.Length - PurseMac.DigestLength, PurseMac.DigestLength),
                _ => true,
            };
            if (!holds) return false;
        }

        return !(IsDebit(command) || IsIdentification(command)) ||
            unit.Inserting.OfType<ShownDigestStep>().Count() == 1;
    }

    /// <summary>What a debit will take, from the octets that will be sent.</summary>
    public static uint Amount(CommandAssembly assembly) =>
        BinaryPrimitives.ReadUInt32BigEndian(
            assembly.Data[(HasCeiling(assembly.Command) ? TypedAmountAt : AmountAt)..]);

    /// <summary>
    /// The most that may be typed: the ceiling of a debit, where it stands before the amount already.
    /// </summary>
    public static uint MaxAmount(CardUnit unit, NumberedModifier input, CommandAssembly assembly) =>
        IsDebit(unit.Step.Command) && input.Step.InsertedAt == TypedAmountAt
            ? BinaryPrimitives.ReadUInt32BigEndian(assembly.Data[AmountAt..])
            : uint.MaxValue;

    private static bool HasCeiling(CommandApdu command) => ((MoveTerms)command.P2).HasFlag(MoveTerms.Ceiling);
}
