using System.CommandLine;
using Tessera.Terminal.Ports;
using Tessera.Toolkit.Verifiers;
using Tessera.VirtualCard;

namespace Tessera.Cli.Terminals;

/// <summary>What a terminal has beside card reader, display and keys, as options name it.</summary>
internal sealed class PortsAtHand : IAsyncDisposable
{
    private static readonly Option<string?> Paper = new("--paper")
    {
        Description = "The terminal prints, in ESC/POS, at the end of a file or on a device.",
        HelpName = "path",
    };

    private static readonly Option<int?> Battery = new("--battery")
    {
        Description = "The terminal lives on a battery with that much in it.",
        HelpName = "percent",
    };

    private static readonly Option<string?> Module = new("--sam")
    {
        Description = "A second card for scripts to speak to, such as a module of the shop: the file that is its memory.",
        HelpName = "image",
    };

    private static readonly Option<string?> Finger = new("--finger")
    {
        Description = "The terminal has a reader for fingers, and on it lies the one whose template is in the file, whenever "
            + "one is asked for (tessera finger new).",
        HelpName = "file",
    };

    private static readonly Option<string?> Verifier = new("--verifier")
    {
        Description = "The one verifier that a PIN or finger may go to, encrypted, where the server asks for that and the holder "
            + "enters it: the file that it published. Without it none leaves the terminal.",
        HelpName = "file",
    };

    private readonly Stream? _paper;
    private readonly ImageSlot? _module;

    private PortsAtHand(int? percent, ImageSlot? module, Stream? paper, string? finger, VerifierKey? verifier)
    {
        (_module, _paper) = (module, paper);
        Ports = new TerminalPorts
        {
            Printer = paper is null ? null : new EscPosPrinter(paper),
            Power = percent is { } left ? new VirtualBattery(new PowerState(IsMains: false, left)) : new Mains(),
            Module = module,
            Finger = finger is null ? null : new FileFingerReader(finger),
            Verifier = verifier,
        };
    }

    public static IReadOnlyList<Option> Options { get; } = [Paper, Battery, Module, Finger, Verifier];

    public TerminalPorts Ports { get; }

    /// <exception cref="FormatException">
    /// The battery has more or less in it than a battery can have, or the file is that of no verifier.
    /// </exception>
    /// <exception cref="IOException">
    /// The image or the paper cannot be opened, or the file holds no template of a finger.
    /// </exception>
    public static async Task<PortsAtHand> OpenAsync(ParseResult parsed, CancellationToken cancel)
    {
        var percent = parsed.GetValue(Battery);
        if (percent is < 0 or > 100) throw new FormatException($"--battery is 0 to 100 percent, not {percent}.");
        var finger = parsed.GetValue(Finger);
        if (finger is not null) (await FileFingerReader.ReadAsync(finger, cancel)).Dispose();
        var verifier = parsed.GetValue(Verifier) is { } file ? VerifierKey.Load(file) : null;
        var paper = parsed.GetValue(Paper) is { } path ? OpenPaper(path) : null;
        try
        {
            return new PortsAtHand(
                percent, parsed.GetValue(Module) is { } image ? ImageSlot.Open(image) : null, paper, finger, verifier);
        }
        catch
        {
            if (paper is not null) await paper.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_module is not null) await _module.DisposeAsync();
        if (_paper is not null) await _paper.DisposeAsync();
    }

    /// <summary>What is printed is on paper at once.</summary>
    private static FileStream OpenPaper(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite, BufferSize = 0,
    });
}
