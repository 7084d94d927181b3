using Tessera.Wire;

namespace Tessera.Terminal.Ports;

/// <summary>
/// A receipt printer in software: reads the octets of <see cref="EscPosPrinter"/> back into lines and sheets. Any thread
/// may look at it.
/// </summary>
public sealed class VirtualPaper
{
    /// <summary>Sheets kept; of more, the oldest are thrown away.</summary>
    public const int MostSheets = 50;

    private const int MostLines = 500;
    private const int MostColumns = 256;

    private readonly Lock _gate = new();
    private readonly List<byte> _command = [];
    private readonly List<byte> _row = [];
    private readonly List<PrintedLine> _lines = [];
    private readonly List<Sequence<PrintedLine>> _sheets = [];
    private readonly Action _changed;
    private bool _isBold;
    private bool _wasBold;
    private int _octets;

    /// <param name="changed">Told when a sheet was cut off, and when they were taken. Default nobody.</param>
    public VirtualPaper(Action? changed = null) => (_changed, Head) = (changed ?? (static () => { }), new HeadStream(this));

    /// <summary>The sheets that were cut off and not taken yet, the newest last.</summary>
    public IReadOnlyList<Sequence<PrintedLine>> Sheets
    {
        get
        {
            lock (_gate) return [.. _sheets];
        }
    }

    /// <summary>Where a printer writes.</summary>
    public Stream Head { get; }

    /// <summary>Prints octets, whole commands or parts of them.</summary>
    /// <exception cref="WireFormatException">A command that this printer does not have, or too much paper.</exception>
    public void Write(ReadOnlySpan<byte> octets)
    {
        var isCut = false;
        lock (_gate)
        {
            foreach (var octet in octets)
            {
                isCut |= Take(octet);
                _octets++;
            }
        }

        if (isCut) _changed();
    }

    /// <summary>Somebody takes the sheets.</summary>
    public void Tear()
    {
        lock (_gate) _sheets.Clear();
        _changed();
    }

    /// <returns>Whether a sheet was cut off.</returns>
    private bool Take(byte octet)
    {
        if (_command.Count > 0 || octet is EscPos.Escape or EscPos.Group)
        {
            _command.Add(octet);
            if (!Obeys(_command)) return false;
            var isCut = _command is [EscPos.Group, EscPos.Cut, _];
            _command.Clear();
            return isCut;
        }

        if (octet == EscPos.LineFeed)
        {
            EndRow();
            return false;
        }

        if (octet < 0x20 || _row.Count == MostColumns) throw Broken($"{octet:X2} is no character of a line");
        if (_row.Count == 0) _wasBold = _isBold;
        _row.Add(octet);
        return false;
    }

    /// <returns>Whether the command is whole.</returns>
    private bool Obeys(List<byte> command)
    {
        switch (command)
        {
            case [_]:
            case [EscPos.Escape, EscPos.CodePage or EscPos.Bold or EscPos.Feed]:
            case [EscPos.Group, EscPos.Cut]:
                return false;
            case [EscPos.Escape, EscPos.Initialise]:
                _row.Clear();
                _isBold = false;
                return true;
            case [EscPos.Escape, EscPos.CodePage, EscPos.Latin]:
                return true;
            case [EscPos.Escape, EscPos.Bold, var bold]:
                _isBold = (bold & 1) != 0;
                return true;
            case [EscPos.Escape, EscPos.Feed, var count]:
                if (_row.Count > 0) EndRow();
                for (var i = 0; i < count; i++) EndRow();
                return true;
            case [EscPos.Group, EscPos.Cut, 0]:
                Cut();
                return true;
            default:
                throw Broken($"{Convert.ToHexString([.. command])} is no command of this printer");
        }
    }

    private void EndRow()
    {
        if (_lines.Count == MostLines) throw Broken($"a sheet has more than {MostLines} lines");
        _lines.Add(new PrintedLine(EscPos.Letters.GetString([.. _row]), _row.Count > 0 ? _wasBold : _isBold));
        _row.Clear();
    }

    /// <summary>The margin below is not part of what was printed.</summary>
    private void Cut()
    {
        while (_lines is [.., { Text: "" }]) _lines.RemoveAt(_lines.Count - 1);
        _sheets.Add([.. _lines]);
        _lines.Clear();
        if (_sheets.Count > MostSheets) _sheets.RemoveAt(0);
    }

    private WireFormatException Broken(string reason) => new("paper", _octets, reason);

    private sealed class HeadStream(VirtualPaper paper) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer) => paper.Write(buffer);

        public override void Write(byte[] buffer, int offset, int count) => paper.Write(buffer.AsSpan(offset, count));

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            paper.Write(buffer.Span);
            return ValueTask.CompletedTask;
        }

        public override void Flush() { }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
