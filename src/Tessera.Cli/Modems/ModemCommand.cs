using System.Buffers.Binary;
using System.CommandLine;
using Tessera.Phone.Modems;
using Tessera.Phone.Modems.Async;
using Tessera.Phone.Sound;
using Tessera.Wire;

namespace Tessera.Cli.Modems;

/// <summary><c>tessera modem</c>: files as the sound of a modem.</summary>
internal static class ModemCommand
{
    /// <summary>Octets of a file in one frame, as far as the mode has room for them.</summary>
    private const int MaxSlice = 62;

    /// <summary>In the number of a frame: it is the last one.</summary>
    private const int Last = 0x8000;

    private const int NumberLength = sizeof(ushort);

    private static readonly Option<string> Mode = OneOf("--mode", "How octets become sound.", "bell202",
        [.. Enum.GetNames<ModemMode>().Select(name => name.ToLowerInvariant())]);

    private static readonly Option<string> Side =
        OneOf("--side", "The side that sends.", "caller", ["caller", "answerer"]);

    private static readonly Option<bool> Raw = new("--raw")
    {
        Description = "Asynchronous characters of 8 bits, as minimodem sends them, instead of frames.",
    };

    public static Command Create() => new("modem", "Files as the sound of a modem.") { Send(), Receive() };

    private static Command Send()
    {
        var input = File("--in", "The file to send.");
        var output = File("--out", "The sound, a WAV file.");
        var command = new Command("send", "Make the sound of a file.") { Mode, Side, Raw, input, output };
        command.SetAction(async (parsed, cancel) =>
        {
            var octets = new Bytes(await System.IO.File.ReadAllBytesAsync(parsed.GetRequiredValue(input), cancel));
            var (mode, side) = (ModeOf(parsed), SideOf(parsed));
            var sound = parsed.GetValue(Raw)
                ? SoundOf(octets, mode, side)
                : SoundOf(Slices(octets, mode, side), mode, side);
            await Wav.SaveAsync(parsed.GetRequiredValue(output), sound, cancel);
        });
        return command;
    }

    private static Command Receive()
    {
        var input = File("--in", "The sound, a WAV file.");
        var output = File("--out", "The file that was received.");
        var command = new Command("receive", "Find a file in its sound.") { Mode, Side, Raw, input, output };
        command.SetAction(async (parsed, cancel) =>
        {
            var sound = await Wav.LoadAsync(parsed.GetRequiredValue(input), cancel);
            var (mode, side) = (ModeOf(parsed), SideOf(parsed));
            short[] heard = [.. sound, .. new short[AudioBlock.Rate]];
            var octets = parsed.GetValue(Raw) ? Characters(heard, mode, side) : Join(Frames(heard, mode, side));
            await System.IO.File.WriteAllBytesAsync(parsed.GetRequiredValue(output), octets, cancel);
        });
        return command;
    }

    /// <summary>Each with its number, and a mark at the last.</summary>
    private static IEnumerable<Bytes> Slices(Bytes octets, ModemMode mode, CallSide side)
    {
        var length = Math.Min(MaxSlice, Modem.CreateSender(mode, side).MaxFrame - NumberLength);
        var count = Math.Max(1, (octets.Length + length - 1) / length);
        if (count > Last) throw new InvalidDataException($"The file takes {count} frames; {Last} can be numbered.");
        for (var i = 0; i < count; i++)
        {
            var slice = octets.Span[(i * length)..Math.Min(octets.Length, (i + 1) * length)];
            var frame = new byte[NumberLength + slice.Length];
            BinaryPrimitives.WriteUInt16BigEndian(frame, (ushort)(i == count - 1 ? i | Last : i));
            slice.CopyTo(frame.AsSpan(NumberLength));
            yield return new Bytes(frame);
        }
    }

    private static byte[] Join(IEnumerable<Bytes> frames)
    {
        var octets = new List<byte>();
        var next = 0;
        foreach (var frame in frames.Where(f => f.Length >= NumberLength))
        {
            var number = BinaryPrimitives.ReadUInt16BigEndian(frame.Span);
            if ((number & ~Last) != next) break;
            octets.AddRange(frame.Span[NumberLength..]);
            if (number >= Last) return [.. octets];
            next++;
        }

        throw new InvalidDataException($"Frame {next + 1} was not heard.");
    }

    private static short[] SoundOf(IEnumerable<Bytes> frames, ModemMode mode, CallSide side)
    {
        var sender = Modem.CreateSender(mode, side);
        var sends = frames.Select(frame => (Action)(() => sender.Send(frame)));
        return Play(packet => sender.Read(packet), () => sender.IsIdle, sends);
    }

    private static short[] SoundOf(Bytes octets, ModemMode mode, CallSide side)
    {
        var sender = new AsyncSender(Modem.ChannelOf(mode, side));
        return Play(packet => sender.Read(packet), () => sender.IsIdle, [() => sender.Send(octets)]);
    }

    /// <summary>All that is sent, as soon as there is room for it, between two short silences.</summary>
    private static short[] Play(Action<short[]> read, Func<bool> isIdle, IEnumerable<Action> sends)
    {
        var sound = new List<short>(new short[AudioBlock.Rate / 10]);
        var packet = new short[AudioBlock.Length];
        foreach (var send in sends)
        {
            send();
            do
            {
                read(packet);
                sound.AddRange(packet);
            }
            while (!isIdle());
        }

        return [.. sound, .. new short[AudioBlock.Rate / 10]];
    }

    private static IEnumerable<Bytes> Frames(short[] sound, ModemMode mode, CallSide side)
    {
        var receiver = Modem.CreateReceiver(mode, side == CallSide.Caller ? CallSide.Answerer : CallSide.Caller);
        foreach (var packet in sound.Chunk(AudioBlock.Length))
        {
            receiver.Write(packet);
            while (receiver.TryRead(out var frame)) yield return frame.Payload;
        }
    }

    private static byte[] Characters(short[] sound, ModemMode mode, CallSide side)
    {
        var receiver = new AsyncReceiver(Modem.ChannelOf(mode, side));
        receiver.Write(sound);
        var octets = new List<byte>();
        while (receiver.TryRead(out var octet)) octets.Add(octet);
        return [.. octets];
    }

    private static ModemMode ModeOf(ParseResult parsed) =>
        Enum.Parse<ModemMode>(parsed.GetRequiredValue(Mode), ignoreCase: true);

    private static CallSide SideOf(ParseResult parsed) =>
        Enum.Parse<CallSide>(parsed.GetRequiredValue(Side), ignoreCase: true);

    private static Option<string> File(string name, string description) =>
        new(name) { Description = description, HelpName = "file", Required = true };

    private static Option<string> OneOf(string name, string description, string usual, string[] values)
    {
        var option = new Option<string>(name) { Description = description, DefaultValueFactory = _ => usual };
        option.AcceptOnlyFromAmong(values);
        return option;
    }
}
