using System.Globalization;
using BenchmarkDotNet.Running;
using Tessera.Bench;
using Tessera.Bench.Lines;
using Tessera.Bench.Signatures;

// Whole-system figures, which a micro-benchmark cannot take, have verbs of their own; everything else is BenchmarkDotNet.
switch (args)
{
    case ["calls"]:
        await CallRate.RunAsync();
        break;
    case ["dtmf"]:
        await DtmfRate.RunAsync(CancellationToken.None);
        break;
    case ["evidence", .. var which]:
        await EvidenceRate.RunAsync(which);
        break;
    case ["files"]:
        FileRate.Run();
        break;
    case ["packets"]:
        PacketRate.Run();
        break;
    case ["pcsc", .. var rest]:
        await PcscRate.RunAsync(rest);
        break;
    case ["pair", .. var rest]:
        await PcscPair.RunAsync(rest);
        break;
    case ["pair-card", var kind, var port]:
        await PcscPair.ServeAsync(kind, int.Parse(port, CultureInfo.InvariantCulture));
        break;
    case ["vpcd"]:
        await VpcdRate.RunAsync();
        break;
    case ["smpp"]:
        await SmppRate.RunAsync();
        break;
    case ["bursts"]:
        BurstRate.Run();
        break;
    case ["bursts", "grid"]:
        BurstGrid.Run();
        break;
    case ["stories"]:
        await StoryRate.RunAsync();
        break;
    case ["purchase"]:
        await PurchaseRate.RunAsync(CancellationToken.None);
        break;
    case ["talkoff"]:
        await TalkOff.RunAsync(CancellationToken.None);
        break;
    case ["links", .. var rest]:
        LinkRate.Run(rest is [var name] ? name : "");
        break;
    case ["line", .. var rest]:
        await LineFigures.RunAsync(
            rest is [var frames, ..] ? int.Parse(frames, CultureInfo.InvariantCulture) : 30, rest is [_, var mode] ? mode : "");
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        break;
}
