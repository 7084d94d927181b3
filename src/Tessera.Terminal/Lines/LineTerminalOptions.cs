using Tessera.Phone.Data;
using Tessera.Terminal.Displays;
using Tessera.Terminal.Ports;
using Tessera.Toolkit.Interpretation;
using Tessera.Wire;

namespace Tessera.Terminal.Lines;

/// <summary>What a device on a telephone line is and whom it serves.</summary>
public sealed record LineTerminalOptions
{
    /// <summary>For people, 1 to 64 octets of UTF-8.</summary>
    public required string Name { get; init; }

    /// <summary>Certificate and journal; made if it is not there.</summary>
    public required string Folder { get; init; }

    /// <summary>The one server it obeys: nobody else's sound leads to data.</summary>
    public required LinePublicKey Server { get; init; }

    /// <summary>Default two lines of sixteen characters.</summary>
    public DisplaySize Display { get; init; } = DisplaySize.Smallest;

    /// <summary>The modems it hears and speaks. Default all.</summary>
    public Sequence<LineModem> Modems { get; init; } = LineModems.All;

    public TerminalPorts Ports { get; init; } = new();

    /// <summary>
    /// How long it obeys the server's escape once the holder has pressed the data key. Default 30 s, counted in
    /// samples.
    /// </summary>
    public TimeSpan Armed { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The same after data that ended with the server's word that the session goes on in voice. Default 2 minutes.
    /// </summary>
    public TimeSpan ArmedAgain { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Percent of the battery from which on down the display warns. Default 20.</summary>
    public int LowBattery { get; init; } = 20;

    /// <summary>Percent of the battery from which on down no data is begun. Default 5.</summary>
    public int EmptyBattery { get; init; } = 5;

    /// <summary>From the beginning of data to the server's Hello: slow modems take their time. Default 60 s.</summary>
    public TimeSpan Hello { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Before it looks again at a reader that went away. Default 2 s.</summary>
    public TimeSpan ReaderRetry { get; init; } = TimeSpan.FromSeconds(2);

    /// <inheritdoc cref="CardTerminalOptions.Journaling"/>
    internal Func<IScriptJournal, IScriptJournal> Journaling { get; init; } = journal => journal;

    /// <summary>Who reads the display and presses the keys; in stories a person who needs neither.</summary>
    internal Func<IScreen, IScreen> Holder { get; init; } = screen => screen;
}
