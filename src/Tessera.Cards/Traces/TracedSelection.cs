using System.Buffers.Binary;
using Tessera.Wire;

namespace Tessera.Cards.Traces;

/// <summary>What is selected on one channel, as far as commands and answers tell, and whether it is a secret.</summary>
internal sealed class TracedSelection(HashSet<ushort> internalFiles)
{
    private const byte Select = 0xA4;
    private const byte CreateFile = 0xE0;
    private const byte ByName = 0x04;
    private const int LongestShort = 30;
    private const ushort ControlInformation = 0x6F;
    private const ushort ControlParameters = 0x62;

    private ushort _directory;
    private bool _isOfKeys;

    public TracedApplication? Application { get; private set; }

    /// <summary>Its data say what is selected afterwards.</summary>
    public static bool IsFollowed(CommandApdu command) =>
        command.Ins == Select || (command.Ins == CreateFile && command.Cla < 0x80);

    /// <summary>A command reads or writes a file whose content is keys or passwords.</summary>
    public bool IsOfKeys(CommandApdu command) => FileOf(command) switch
    {
        null => false,
        0 => _isOfKeys,
        { } sfi and <= LongestShort => IsShortOfKeys(sfi),
        { } id => IsOfKeys((ushort)id),
    };

    /// <summary>What a command left selected.</summary>
    /// <param name="asked">A whole one.</param>
    /// <param name="answer">What it was answered so far.</param>
    public void Follow(CommandApdu asked, StatusWord status, ReadOnlySpan<byte> answer)
    {
        if (status.Sw1 is not (0x90 or 0x91 or 0x61 or 0x62 or 0x63 or 0x9F)) return;
        if (asked.Ins == Select) FollowSelect(asked);
        if (IsFollowed(asked))
            Learn(asked.Ins == Select ? answer : asked.Data.Span);
        else if (FileOf(asked) is { } file and > 0)
            _isOfKeys = file <= LongestShort ? IsShortOfKeys(file) : IsOfKeys((ushort)file);
    }

    private void FollowSelect(CommandApdu command)
    {
        var data = command.Data.Span;
        if (command.Cla != ApduWords.SimClass && command.P1 == ByName)
        {
            Application = CardNames.ApplicationOf(Convert.ToHexString(data));
            (_directory, _isOfKeys) = (0, false);
            return;
        }

        if (data.IsEmpty) (_directory, _isOfKeys) = (0, false);
        for (; data.Length >= 2; data = data[2..])
        {
            var id = BinaryPrimitives.ReadUInt16BigEndian(data);
            if (CardNames.IsDirectory(id)) _directory = id;
            _isOfKeys = IsOfKeys(id);
        }
    }

    /// <summary>Control parameters of an internal file (ISO/IEC 7816-4:2005 §5.3.3.3: b6 to b4 of its descriptor 001).</summary>
    private void Learn(ReadOnlySpan<byte> octets)
    {
        if (octets.IsEmpty || octets[0] is not ((byte)ControlInformation or (byte)ControlParameters)) return;
        var (isInternal, id) = (false, (ushort)0);
        try
        {
            var outer = new ByteReader(octets);
            var reader = new ByteReader(Tlv.ReadValue(ref outer, out _));
            while (reader.Remaining > 0)
            {
                var value = Tlv.ReadValue(ref reader, out var tag);
                if (tag == 0x82 && value.Length > 0) isInternal = (value[0] & 0xB8) == 0x08;
                else if (tag == 0x83 && value.Length == 2) id = BinaryPrimitives.ReadUInt16BigEndian(value);
            }
        }
        catch (WireFormatException)
        {
            // Only the first part of it, or another form: what was read of it counts.
        }

        if (!isInternal) return;
        _isOfKeys = true;
        if (id != 0) internalFiles.Add(id);
    }

    private bool IsOfKeys(ushort id) => CardNames.IsKeyFile(id) || internalFiles.Contains(id);

    private bool IsShortOfKeys(int sfi) => CardNames.IsShortKeyFile(Application, _directory, sfi);

    /// <summary>
    /// Identifier, or short identifier to 30, of the elementary file that a command names; 0 for the current one, null
    /// where it is for none.
    /// </summary>
    private static int? FileOf(CommandApdu command)
    {
        var isSim = command.Cla == ApduWords.SimClass;
        return command.Ins switch
        {
            0xB0 or 0xD0 or 0xD6 => !isSim && (command.P1 & 0x80) != 0 ? command.P1 & 0x1F : 0,
            0xB1 or 0xD1 or 0xD7 => (command.P1 << 8) | command.P2,
            0xB2 or 0xB3 or 0xD2 or 0xDC or 0xDD => isSim ? 0 : command.P2 >> 3,
            0xE2 when command.Cla < 0x80 => command.P2 >> 3,
            _ => null,
        };
    }
}
