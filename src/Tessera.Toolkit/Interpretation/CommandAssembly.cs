using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Wire;

namespace Tessera.Toolkit.Interpretation;

/// <summary>
/// The data of a command while its modifiers add theirs, remembering which of them each octet came from.
/// </summary>
/// <remarks>An origin is the ordinal of a modifier, 0 for the script's own data; no modifier has ordinal 0.</remarks>
internal sealed class CommandAssembly
{
    private readonly CommandApdu _command;
    private readonly byte[] _data;
    private readonly byte[] _origin;
    private int _length;

    public CommandAssembly(CardUnit unit)
    {
        _command = unit.Step.Command;
        _data = new byte[unit.Length];
        _origin = new byte[unit.Length];
        _length = _command.Data.Length;
        _command.Data.Span.CopyTo(_data);
    }

    public ReadOnlySpan<byte> Data => _data.AsSpan(0, _length);

    /// <summary>The command over these octets, not over a copy.</summary>
    public CommandApdu Command => _command with { Data = new Bytes(_data.AsMemory(0, _length)) };

    public void Insert(NumberedModifier modifier, ReadOnlySpan<byte> octets)
    {
        var at = modifier.Step.InsertedAt;
        _data.AsSpan(at, _length - at).CopyTo(_data.AsSpan(at + octets.Length));
        _origin.AsSpan(at, _length - at).CopyTo(_origin.AsSpan(at + octets.Length));
        octets.CopyTo(_data.AsSpan(at));
        _origin.AsSpan(at, octets.Length).Fill(modifier.Ordinal);
        _length += octets.Length;
    }

    /// <summary>Replaces octets that a modifier inserted, wherever they stand now.</summary>
    public void Replace(NumberedModifier modifier, ReadOnlySpan<byte> octets)
    {
        for (int at = 0, from = 0; at < _length; at++)
        {
            if (_origin[at] == modifier.Ordinal) _data[at] = octets[from++];
        }
    }

    /// <summary>True when exactly these octets came from that modifier.</summary>
    public bool CameFrom(NumberedModifier modifier, int at, int length)
    {
        for (var i = 0; i < _length; i++)
        {
            if (_origin[i] == modifier.Ordinal != (i >= at && i < at + length)) return false;
        }

        return true;
    }

    public void Zero() => CryptographicOperations.ZeroMemory(_data);
}
