namespace Tessera.Terminal.Ports;

/// <summary>A receipt printer that speaks ESC/POS on a byte stream: a serial port, a pipe, a file.</summary>
/// <param name="stream">Its own; the caller disposes it.</param>
public sealed class EscPosPrinter(Stream stream) : IPrinter
{
    /// <summary>Lines of blank paper before the cut, which is above the print head.</summary>
    private const byte Margin = 4;

    /// <summary>Characters of a line, 16 to 64. Default 32, of paper 58 mm wide.</summary>
    public int Width
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(Math.Clamp(value, 16, 64), value, nameof(value));
            field = value;
        }
    } = 32;

    public async Task PrintAsync(IReadOnlyList<PrintedLine> lines, CancellationToken cancel)
    {
        await stream.WriteAsync(Sheet(lines), cancel);
        await stream.FlushAsync(cancel);
    }

    private byte[] Sheet(IReadOnlyList<PrintedLine> lines)
    {
        List<byte> octets = [EscPos.Escape, EscPos.Initialise, EscPos.Escape, EscPos.CodePage, EscPos.Latin];
        foreach (var line in lines)
        {
            if (line.IsBold) octets.AddRange([EscPos.Escape, EscPos.Bold, 1]);
            foreach (var row in Broken(line.Text)) octets.AddRange([.. EscPos.Letters.GetBytes(row), EscPos.LineFeed]);
            if (line.IsBold) octets.AddRange([EscPos.Escape, EscPos.Bold, 0]);
        }

        octets.AddRange([EscPos.Escape, EscPos.Feed, Margin, EscPos.Group, EscPos.Cut, 0]);
        return [.. octets];
    }

    /// <summary>Rows that fit, broken between words where that is possible; nothing in them is a command.</summary>
    private IEnumerable<string> Broken(string text)
    {
        var rest = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
        while (rest.Length > Width)
        {
            var space = rest.LastIndexOf(' ', Width);
            var cut = space > 0 ? space : Width;
            yield return rest[..cut];
            rest = rest[cut..].TrimStart();
        }

        yield return rest;
    }
}
