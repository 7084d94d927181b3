using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Wire;

namespace Tessera.VirtualCard.Os;

/// <summary>
/// Puts together the blocks of one command (ISO/IEC 7816-4 §5.3.3); a stranger ends the chain. One that grows too long is
/// refused to its last block, which would be a command of its own otherwise.
/// </summary>
internal sealed class CommandChain
{
    public const int MaxData = 8192;

    private const byte ChainingBit = 0x10;

    private readonly byte[] _data = new byte[MaxData];
    private (byte Cla, byte Ins, byte P1, byte P2) _header;
    private int _length;
    private bool _open;
    private bool _isTooLong;

    /// <summary>Takes one block and returns what it is answered; null when the command is whole.</summary>
    public StatusWord? Take(ref CommandApdu command)
    {
        var header = ((byte)(command.Cla & ~ChainingBit), command.Ins, command.P1, command.P2);
        if (!_open || header != _header) Drop();
        if (!_open && !command.IsChained) return null;

        if (_isTooLong || command.Data.Length > MaxData - _length)
        {
            Drop();
            (_open, _isTooLong, _header) = (command.IsChained, command.IsChained, header);
            return StatusWord.WrongLength;
        }

        command.Data.Span.CopyTo(_data.AsSpan(_length));
        _length += command.Data.Length;
        (_open, _header) = (command.IsChained, header);
        if (_open) return StatusWord.Success;

        command.Data.Erase();
        command = command with { Data = Bytes.CopyOf(_data.AsSpan(0, _length)) };
        Drop();
        return null;
    }

    public void Drop()
    {
        CryptographicOperations.ZeroMemory(_data.AsSpan(0, _length));
        (_open, _isTooLong, _length) = (false, false, 0);
    }
}
