using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.VirtualCard.Memory;
using Tessera.Wire;

namespace Tessera.VirtualCard.Os;

/// <summary>PIN and PUK of the card, shared by all its applets (docs/protocols/purse.md §1, §3).</summary>
/// <remarks>
/// <code>
/// a cell each: tries left 1 | reference 8, ASCII digits padded FF
/// </code>
/// A try is taken in non-volatile memory before anything is compared, and given back when it was right: who cuts the
/// power at a wrong one has lost it.
/// </remarks>
internal sealed class CardPin(CardMemory memory, CurrentChannel current)
{
    public const int MaxPinTries = 3;
    public const int MaxPukTries = 10;
    public const int Length = 8;
    public const int CellLength = 1 + Length;

    private const byte Reference = 0x80;
    private const byte Clear = 0xFF;
    private const int MinPinDigits = 6;

    private readonly PerChannel<bool> _verified = new(current);

    /// <summary>On the current channel.</summary>
    public bool IsVerified => _verified.Value;

    public bool IsPinBlocked => Tries(CellId.Pin) == 0;

    public bool IsPukBlocked => Tries(CellId.Puk) == 0;

    /// <summary>What a cell holds.</summary>
    public static Bytes WriteCell(int triesLeft, ReadOnlySpan<byte> reference) =>
        new((byte[])[(byte)triesLeft, .. reference]);

    /// <summary>VERIFY, CHANGE REFERENCE DATA or RESET RETRY COUNTER.</summary>
    public StatusWord Process(CommandApdu command)
    {
        var data = command.Data.Span;
        return command switch
        {
            { P2: not Reference } => StatusWord.ReferencedDataNotFound,
            { Ins: 0x20, P1: Clear } => Forget(data),
            { P1: not 0x00 } => StatusWord.IncorrectP1P2,
            { Ins: 0x20 } => data.IsEmpty ? Status() : Verify(data),
            { Ins: 0x24 } => Change(CellId.Pin, MaxPinTries, MinPinDigits, data),
            _ => Unblock(data),
        };
    }

    /// <summary>CHANGE REFERENCE DATA of the PUK, for applications that let the holder do that.</summary>
    public StatusWord ChangePuk(ReadOnlySpan<byte> pukAndNew) => Change(CellId.Puk, MaxPukTries, Length, pukAndNew);

    /// <summary>The holder is not known any more on the current channel.</summary>
    public void Forget() => _verified.Value = false;

    /// <summary>Power is gone.</summary>
    public void ForgetAll() => _verified.Clear();

    /// <summary>The holder is there, as if by the PIN: another reference was compared and is theirs.</summary>
    public void Accept() => _verified.Value = true;

    private StatusWord Forget(ReadOnlySpan<byte> data)
    {
        if (!data.IsEmpty) return StatusWord.WrongLength;
        Forget();
        return StatusWord.Success;
    }

    private StatusWord Status() =>
        IsPinBlocked ? StatusWord.AuthenticationBlocked
        : IsVerified ? StatusWord.Success
        : StatusWord.WithTriesLeft(Tries(CellId.Pin));

    private StatusWord Verify(ReadOnlySpan<byte> pin)
    {
        if (pin.Length != Length) return StatusWord.WrongLength;
        if (!IsDigits(pin, MinPinDigits)) return StatusWord.WrongData;
        if (!Matches(CellId.Pin, pin, out var refusal)) return refusal;

        using var change = memory.Begin();
        Write(change, CellId.Pin, MaxPinTries, pin);
        change.Commit();
        Accept();
        return StatusWord.Success;
    }

    private StatusWord Change(byte cell, int tries, int leastDigits, ReadOnlySpan<byte> oldAndNew)
    {
        if (oldAndNew.Length != 2 * Length) return StatusWord.WrongLength;
        var old = oldAndNew[..Length];
        var reference = oldAndNew[Length..];
        if (!IsDigits(old, leastDigits) || !IsDigits(reference, leastDigits)) return StatusWord.WrongData;
        if (!Matches(cell, old, out var refusal)) return refusal;

        using var change = memory.Begin();
        Write(change, cell, tries, reference);
        change.Commit();
        return StatusWord.Success;
    }

    private StatusWord Unblock(ReadOnlySpan<byte> pukAndPin)
    {
        if (pukAndPin.Length != 2 * Length) return StatusWord.WrongLength;
        var puk = pukAndPin[..Length];
        var newPin = pukAndPin[Length..];
        if (!IsDigits(puk, Length) || !IsDigits(newPin, MinPinDigits)) return StatusWord.WrongData;
        if (!Matches(CellId.Puk, puk, out var refusal)) return refusal;

        ForgetAll();
        using var change = memory.Begin();
        Write(change, CellId.Puk, MaxPukTries, puk);
        Write(change, CellId.Pin, MaxPinTries, newPin);
        if (memory.Has(CellId.FingerTries)) change.Write(CellId.FingerTries, [CardFinger.MaxTries]);
        change.Commit();
        return StatusWord.Success;
    }

    private bool Matches(byte cell, ReadOnlySpan<byte> presented, out StatusWord refusal)
    {
        var left = Tries(cell) - 1;
        refusal = left < 0 ? StatusWord.AuthenticationBlocked : StatusWord.WithTriesLeft(left);
        if (left < 0) return false;

        using (var change = memory.Begin())
        {
            Write(change, cell, left, memory.Read(cell)[1..]);
            change.Commit();
        }

        var right = CryptographicOperations.FixedTimeEquals(memory.Read(cell)[1..], presented);
        if (!right && cell == CellId.Pin) Forget();
        return right;
    }

    private int Tries(byte cell) => memory.Read(cell)[0];

    private static void Write(MemoryTransaction change, byte cell, int tries, ReadOnlySpan<byte> reference)
    {
        Span<byte> content = stackalloc byte[CellLength];
        content[0] = (byte)tries;
        reference.CopyTo(content[1..]);
        change.Write(cell, content);
        CryptographicOperations.ZeroMemory(content);
    }

    /// <summary>At least so many digits, then nothing but padding.</summary>
    public static bool IsReference(ReadOnlySpan<byte> reference, int leastDigits) =>
        reference.Length == Length && IsDigits(reference, leastDigits);

    private static bool IsDigits(ReadOnlySpan<byte> reference, int least)
    {
        var digits = reference.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (digits < 0) return true;
        return digits >= least && !reference[digits..].ContainsAnyExcept((byte)0xFF);
    }
}
