using Tessera.Lab.Phones.Log;
using Tessera.Server.Hosting;

namespace Tessera.Server.ShortMessages;

/// <summary>
/// All of a dialogue on the short message road in one order of time: what the phone saw, from APDU to TPDU, and what went
/// on between SMSC and gateway, from PDU to script.
/// </summary>
internal sealed class DialogueLog(RoadLog road, LabService lab)
{
    private const int MaxEntries = 1500;

    /// <summary>The newest of all, oldest first.</summary>
    public IReadOnlyList<DialogueEntry> Entries =>
    [
        .. (lab.World?.Handset?.Log.After(0) ?? []).Select(Of)
            .Concat(road.State.Entries.Select(Of))
            .OrderBy(entry => entry.At).TakeLast(MaxEntries),
    ];

    /// <summary>Completes when there is more.</summary>
    public async Task ChangedAsync(CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var told = road.ChangedAsync(either.Token);
        var phone = lab.World?.Handset is { } handset
            ? handset.ChangedAsync(handset.Number, either.Token)
            : lab.ChangedAsync(either.Token);
        await await Task.WhenAny(told, phone);
        await either.CancelAsync();
    }

    private static DialogueEntry Of(LogEntry entry) => new(
        entry.Time,
        entry.Hop switch
        {
            LogHop.Sim => DialogueKind.Apdu,
            LogHop.Toolkit => DialogueKind.Toolkit,
            LogHop.Air => DialogueKind.Rp,
            LogHop.Message => DialogueKind.Tpdu,
            _ => DialogueKind.Phone,
        },
        entry.Direction switch
        {
            LogDirection.ToSim => "phone → SIM",
            LogDirection.FromSim => "SIM → phone",
            LogDirection.ToNetwork => "phone → SMSC",
            LogDirection.FromNetwork => "SMSC → phone",
            _ => "phone",
        },
        entry.Text, entry.Octets);

    private static DialogueEntry Of(RoadEntry entry) => entry.Where switch
    {
        RoadLog.FromGateway => new(entry.At, DialogueKind.Pdu, "gateway → SMSC", entry.Text, entry.Octets),
        RoadLog.ToGateway => new(entry.At, DialogueKind.Pdu, "SMSC → gateway", entry.Text, entry.Octets),
        RoadLog.Centre => new(entry.At, DialogueKind.Smsc, entry.Where, entry.Text, entry.Octets),
        _ => new(entry.At, DialogueKind.Gateway, entry.Where, entry.Text, entry.Octets),
    };
}

/// <summary>What kind of thing went over a hop.</summary>
public enum DialogueKind
{
    /// <summary>Between phone and SIM.</summary>
    Apdu,

    /// <summary>TLV objects inside those.</summary>
    Toolkit,

    /// <summary>RP messages between phone and SMSC.</summary>
    Rp,

    /// <summary>TPDUs inside those.</summary>
    Tpdu,

    /// <summary>SMPP between SMSC and gateway.</summary>
    Pdu,

    /// <summary>What happened to the phone itself.</summary>
    Phone,

    /// <summary>What the SMSC did.</summary>
    Smsc,

    /// <summary>Sessions and scripts.</summary>
    Gateway,
}

/// <summary>One entry of a dialogue.</summary>
/// <param name="Way">From whom to whom.</param>
/// <param name="Octets">In hexadecimal, those of a PIN starred; empty where none went anywhere.</param>
public sealed record DialogueEntry(DateTimeOffset At, DialogueKind Kind, string Way, string Text, string Octets);
