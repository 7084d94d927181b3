using System.CommandLine;
using Tessera.Terminal.Ports;
using Tessera.VirtualCard;

namespace Tessera.Cli.Terminals;

/// <summary>What a device on a telephone line has beside card reader, display and keys, as options name it.</summary>
internal sealed class PortsAtHand : IAsyncDisposable
{
    private static readonly Option<string?> Paper = new("--paper")
    {
        Description = "With --link line or audio: the device prints, in ESC/POS, at the end of a file or on a device.",
        HelpName = "path",
    };

    private static readonly Option<int?> Battery = new("--battery")
    {
        Description = "With --link line or audio: the device lives on a battery with that much in it.",
        HelpName = "percent",
    };

    private static readonly Option<string?> Module = new("--sam")
    {
        Description = "With --link line or audio: a second card for scripts to speak to, the file that is its memory.",
        HelpName = "image",
    };

    private readonly Stream? _paper;
    private readonly ImageSlot? _module;

    private PortsAtHand(int? percent, ImageSlot? module, Stream? paper)
    {
        (_module, _paper) = (module, paper);
        Ports = new TerminalPorts
        {
            Printer = paper is null ? null : new EscPosPrinter(paper),
            Power = percent is { } left ? new VirtualBattery(new PowerState(IsMains: false, left)) : new Mains(),
            Module = module,
        };
    }

    public static IReadOnlyList<Option> Options { get; } = [Paper, Battery, Module];

    public TerminalPorts Ports { get; }

    /// <exception cref="FormatException">The battery has more or less in it than a battery can have.</exception>
    /// <exception cref="IOException">The image or the paper cannot be opened.</exception>
    public static PortsAtHand Open(ParseResult parsed)
    {
        var percent = parsed.GetValue(Battery);
        if (percent is < 0 or > 100) throw new FormatException($"--battery is 0 to 100 percent, not {percent}.");
        var module = parsed.GetValue(Module) is { } image ? ImageSlot.Open(image) : null;
        return new PortsAtHand(percent, module, parsed.GetValue(Paper) is { } path ? OpenPaper(path) : null);
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
