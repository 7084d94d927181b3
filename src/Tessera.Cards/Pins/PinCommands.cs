using System.Security.Cryptography;
using Tessera.Wire;

namespace Tessera.Cards.Pins;

/// <summary>A command that carries a PIN or PUK: it owns the octets and zeroes them when disposed.</summary>
public sealed class PinCommand : IDisposable
{
    private readonly byte[] _data;

    internal PinCommand(byte ins, params ReadOnlySpan<PinBlock> blocks)
    {
        _data = new byte[blocks.Length * PinBlock.Length];
        for (var i = 0; i < blocks.Length; i++) blocks[i].Reveal().CopyTo(_data.AsSpan(i * PinBlock.Length));
        Apdu = new CommandApdu(0x00, ins, 0x00, PinCommands.Reference, new Bytes(_data));
    }

    /// <summary>Good until this command is disposed; then its data are zero.</summary>
    public CommandApdu Apdu { get; }

    public void Dispose() => CryptographicOperations.ZeroMemory(_data);

    public override string ToString() => Apdu.ToString();
}

/// <summary>
/// The commands for the card's PIN and PUK (ISO/IEC 7816-4 §11.5), which all applications of a card share.
/// </summary>
public static class PinCommands
{
    /// <summary>P2: specific reference data, number 0.</summary>
    public const byte Reference = 0x80;

    /// <summary>VERIFY without data: 9000 verified, 63CX not verified and X tries left, 6983 blocked.</summary>
    public static CommandApdu Status { get; } = new(0x00, 0x20, 0x00, Reference);

    /// <summary>VERIFY with P1 FF: the PIN is no longer verified.</summary>
    public static CommandApdu Clear { get; } = new(0x00, 0x20, 0xFF, Reference);

    public static PinCommand Verify(PinBlock pin) => new(0x20, pin);

    public static PinCommand ChangeReferenceData(PinBlock pin, PinBlock newPin) => new(0x24, pin, newPin);

    /// <summary>A new PIN by means of the PUK; it is not verified by that.</summary>
    public static PinCommand ResetRetryCounter(PinBlock puk, PinBlock newPin) => new(0x2C, puk, newPin);
}
