using System.Text;

namespace Tessera.Lab.Houses.Devices;

/// <summary>
/// The paper in a printer that understands ESC/POS: what octets leave on it. What it does not understand it passes over,
/// as printers do. Any thread may print or look.
/// </summary>
/// <remarks>
/// <code>
/// 0A                  prints the line           ESC @          begins anew
/// ESC E n             bold                      ESC a n        left, middle, right
/// ESC ! n             08 bold, 10 or 20 large   GS ! n         size: large unless 0
/// ESC t n             page of characters        ESC d n        prints and feeds n lines
/// GS V m [n]          feeds and cuts
/// </code>
/// </remarks>
internal sealed class PaperRoll(Action printed)
{
    /// <summary>Lines that hang out of the printer; older ones have been torn off.</summary>
    public const int MostLines = 200;

    /// <summary>Octets of a line at most: no paper is wider.</summary>
    private const int MostOctets = 256;

    private const byte Escape = 0x1B;
    private const byte Group = 0x1D;

    private readonly Lock _gate = new();
    private readonly List<byte> _command = [];
    private readonly List<byte> _line = [];
    private readonly Queue<PaperLine> _lines = new();
    private Encoding _characters = Page(0);
    private bool _isBold;
    private bool _isLarge;
    private PaperPlace _place;

    /// <summary>What hangs out of the printer, from top to bottom.</summary>
    public IReadOnlyList<PaperLine> Lines
    {
        get
        {
            lock (_gate) return [.. _lines];
        }
    }

    public void Write(ReadOnlySpan<byte> octets)
    {
        lock (_gate)
        {
            foreach (var octet in octets) Take(octet);
        }

        printed();
    }

    /// <summary>Somebody takes the paper.</summary>
    public void Tear()
    {
        lock (_gate) _lines.Clear();
        printed();
    }

    private void Take(byte octet)
    {
        if (_command.Count > 0 || octet is Escape or Group)
        {
            _command.Add(octet);
            if (_command.Count < LengthOf(_command)) return;
            Do(_command[0], _command[1], _command.Count > 2 ? _command[2] : (byte)0);
            _command.Clear();
        }
        else if (octet == '\n')
        {
            Print();
        }
        else if (octet >= ' ' && _line.Count < MostOctets)
        {
            _line.Add(octet);
        }
    }

    /// <summary>Of the whole command, as far as it is known by now.</summary>
    private static int LengthOf(List<byte> command)
    {
        if (command.Count < 2) return 2;
        return (command[0], (char)command[1]) switch
        {
            (Escape, 'E' or 'a' or '!' or 't' or 'd' or 'R' or 'M' or '-' or '3' or 'J' or 'G') => 3,
            (Group, '!') => 3,
            (Group, 'V') => command.Count > 2 && (char)command[2] is ('A' or 'B') ? 4 : 3,
            _ => 2,
        };
    }

    private void Do(byte prefix, byte name, byte value)
    {
        switch (prefix, (char)name)
        {
            case (Escape, '@'):
                (_isBold, _isLarge, _place, _characters) = (false, false, PaperPlace.Left, Page(0));
                _line.Clear();
                break;
            case (Escape, 'E'):
                _isBold = (value & 1) != 0;
                break;
            case (Escape, 'a'):
                _place = (value % '0') switch { 1 => PaperPlace.Middle, 2 => PaperPlace.Right, _ => PaperPlace.Left };
                break;
            case (Escape, '!'):
                (_isBold, _isLarge) = ((value & 0x08) != 0, (value & 0x30) != 0);
                break;
            case (Group, '!'):
                _isLarge = value != 0;
                break;
            case (Escape, 't'):
                _characters = Page(value);
                break;
            case (Escape, 'd'):
                for (var fed = 0; fed < Math.Max((byte)1, value); fed++) Print();
                break;
            case (Group, 'V'):
                Print(isCut: true);
                break;
        }
    }

    private void Print(bool isCut = false)
    {
        if (_lines.Count == MostLines) _lines.Dequeue();
        _lines.Enqueue(new PaperLine(_characters.GetString([.. _line]), _isBold, _isLarge, _place, isCut));
        _line.Clear();
    }

    /// <summary>The pages that printers number alike.</summary>
    private static Encoding Page(byte number) => CodePagesEncodingProvider.Instance.GetEncoding(number switch
    {
        2 => 850,
        16 => 1252,
        19 => 858,
        _ => 437,
    })!;
}
