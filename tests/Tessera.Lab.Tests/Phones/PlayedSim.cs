using System.Threading.Channels;
using Tessera.Cards;
using Tessera.Wire;
using Xunit;

namespace Tessera.Lab.Tests.Phones;

/// <summary>A SIM that a test plays: the files a phone reads, and proactive commands as the test offers them.</summary>
internal sealed class PlayedSim : ICardReader, ICard
{
    public const string Atr = "3B9F94801FC38031A073BE21136743200718000001A5";

    private readonly Dictionary<int, byte[]> _transparent = new()
    {
        [0x2FE2] = Convert.FromHexString("98101032547698103254"),
        [0x6F07] = Convert.FromHexString("080910100000000010"),
        [0x6FAE] = [0x03],
        [0x6F38] = Convert.FromHexString("FFFFFFFFFFFFFFFFFFFF"),
        [0x6F46] = [0x01, .. "Played"u8, 0xFF, 0xFF],
        [0x6F7E] = Convert.FromHexString("FFFFFFFF00F1100001FF01"),
    };

    private readonly Dictionary<int, byte[][]> _records = new()
    {
        [0x6F42] =
        [
            [
                .. "SC"u8, 0xFD, .. Filled(12, 0xFF), .. Convert.FromHexString("07913316325476F8"), .. Filled(4, 0xFF),
                0, 0, 0xA7,
            ],
        ],
        [0x6F40] = [Entry("Own", "913316325476F8")],
        [0x6F3A] = [Entry("Anna", "913366666666F6"), Entry("", "")],
        [0x6F3C] = [Filled(176, 0), Filled(176, 0)],
    };

    private readonly List<string> _commands = [];
    private readonly Queue<Bytes> _offered = new();

    /// <summary>Whoever waits for it goes on within <see cref="Pull"/>.</summary>
    private readonly TaskCompletionSource _removed = new();
    private readonly TaskCompletionSource _inserted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Bytes _waiting;
    private int _file = 0x3F00;
    private bool _isFetched;
    private bool _isReleased;

    /// <summary>CHV1; null where it is disabled.</summary>
    public string? Chv1 { get; init; }

    public int Tries { get; private set; } = 3;

    /// <summary>Each command as it came, in hexadecimal.</summary>
    public IReadOnlyList<string> Commands
    {
        get
        {
            lock (_commands) return [.. _commands];
        }
    }

    /// <summary>Data of each TERMINAL RESPONSE.</summary>
    public Channel<string> Responses { get; } = Channel.CreateUnbounded<string>();

    /// <summary>Data of each ENVELOPE.</summary>
    public Channel<string> Envelopes { get; } = Channel.CreateUnbounded<string>();

    /// <summary>Answer to an ENVELOPE: data and a status of the SIM, as 01023490 00. Default 9000.</summary>
    public Func<string, string> OnEnvelope { get; set; } = _ => "9000";

    /// <summary>A command that is offered again and again.</summary>
    public Bytes? Endless { get; set; }

    /// <summary>The status of each command, whatever it is; null for a SIM that works.</summary>
    public Func<CommandApdu, ResponseApdu?> Fault { get; set; } = _ => null;

    /// <summary>How often it got power.</summary>
    public int Powered { get; private set; }

    public string Name => "played";

    Bytes ICard.Atr => Bytes.FromHex(Atr);

    public Task Removed => _removed.Task;

    public IReadOnlyList<byte[]> Messages => _records[0x6F3C];

    public void SetFile(int file, string hex) => _transparent[file] = Convert.FromHexString(hex);

    public void SetRecords(int file, params byte[][] records) => _records[file] = records;

    /// <summary>The SIM wants that next.</summary>
    public void Offer(string command) => _offered.Enqueue(Bytes.FromHex(command));

    public void Insert() => _inserted.TrySetResult();

    public void Pull() => _removed.TrySetResult();

    public async Task<ICard> InsertedAsync(CancellationToken cancel)
    {
        await _inserted.Task.WaitAsync(cancel);
        if (_removed.Task.IsCompleted) await Task.Delay(Timeout.Infinite, cancel);
        Powered++;
        (_isFetched, _isReleased) = (false, false);
        return this;
    }

    public Task ResetAsync(CancellationToken cancel) => Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _isReleased = true;
        return ValueTask.CompletedTask;
    }

    public ValueTask<ResponseApdu> TransmitAsync(CommandApdu command, CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(_isReleased, this);
        if (_removed.Task.IsCompleted) throw new ConnectionLostException("Pulled.");
        lock (_commands) _commands.Add(Bytes.Of(command).ToString());
        return new ValueTask<ResponseApdu>(Fault(command) ?? Answer(command));
    }

    private ResponseApdu Answer(CommandApdu command)
    {
        Assert.Equal(0xA0, command.Cla);
        switch (command.Ins)
        {
            case 0xA4:
                return Select((command.Data.Span[0] << 8) | command.Data.Span[1]);
            case 0xC0:
                return Done(_waiting);
            case 0xB0:
                return _transparent.TryGetValue(_file, out var octets)
                    ? Done(Bytes.CopyOf(octets.AsSpan(0, command.Le!.Value)))
                    : Status(0x9408);
            case 0xB2:
                return Done(Bytes.CopyOf(_records[_file][command.P1 - 1]));
            case 0xDC:
                _records[_file][command.P1 - 1] = command.Data.ToArray();
                return Done();
            case 0x20:
                return Verify(command.Data.Span);
            case 0x10 or 0xF2:
                return Done();
            case 0x12:
                return Fetch();
            case 0x14:
                _isFetched = false;
                Responses.Writer.TryWrite(command.Data.ToString());
                return Done();
            case 0xC2:
                Envelopes.Writer.TryWrite(command.Data.ToString());
                return Envelope(Bytes.FromHex(OnEnvelope(command.Data.ToString())));
            default:
                return Status(0x6D00);
        }
    }

    private ResponseApdu Select(int file)
    {
        byte[] answer = file switch
        {
            0x3F00 or 0x7F10 or 0x7F20 =>
            [
                0, 0, 0, 0, (byte)(file >> 8), (byte)file, 0x02, 0, 0, 0, 0, 0, 9,
                (byte)(Chv1 is null ? 0x80 : 0x00), 1, 1, 1, 0, (byte)(0x80 | Tries), 0x8A, 0, 0,
            ],
            _ when _transparent.TryGetValue(file, out var octets) =>
                [0, 0, 0, (byte)octets.Length, (byte)(file >> 8), (byte)file, 0x04, 0, 0, 0, 0, 1, 2, 0x00, 0],
            _ when _records.TryGetValue(file, out var records) => Linear(file, records),
            _ => [],
        };
        if (answer.Length == 0) return Status(0x9404);
        _file = file;
        return Waiting(Bytes.CopyOf(answer), 0x9F);
    }

    private ResponseApdu Verify(ReadOnlySpan<byte> chv)
    {
        if (Tries == 0) return Status(0x9840);
        var right = Chv1!.Select(digit => (byte)digit);
        if (chv.SequenceEqual([.. right, .. Filled(8 - Chv1!.Length, 0xFF)])) return Done();
        return Status(--Tries == 0 ? 0x9840 : 0x9804);
    }

    private ResponseApdu Fetch()
    {
        if ((Endless ?? (_offered.TryDequeue(out var offered) ? offered : default(Bytes?))) is not { } command)
            return Status(0x6F00);
        _isFetched = true;
        return new ResponseApdu(command, StatusWord.Success);
    }

    private ResponseApdu Envelope(Bytes answer)
    {
        var status = Bytes.CopyOf(answer.Span[^2..]).Read<StatusWord>();
        var data = Bytes.CopyOf(answer.Span[..^2]);
        if (data.Length > 0) return Waiting(data, status.IsSuccess ? 0x9F : status.Sw1);
        return status.IsSuccess ? Done() : new ResponseApdu(status);
    }

    private ResponseApdu Waiting(Bytes data, int sw1)
    {
        _waiting = data;
        return Status((sw1 << 8) | data.Length);
    }

    /// <summary>9000, or 91xx where a command waits.</summary>
    private ResponseApdu Done(Bytes data = default)
    {
        var next = _isFetched ? null : Endless ?? (_offered.TryPeek(out var offered) ? offered : default(Bytes?));
        return new ResponseApdu(
            data, next is { } waits ? new StatusWord((ushort)(0x9100 | (waits.Length & 0xFF))) : StatusWord.Success);
    }

    private static ResponseApdu Status(int status) => new(new StatusWord((ushort)status));

    private static byte[] Linear(int file, byte[][] records)
    {
        var size = records.Sum(record => record.Length);
        return
        [
            0, 0, (byte)(size >> 8), (byte)size, (byte)(file >> 8), (byte)file, 0x04, 0, 0, 0, 0, 1, 2, 0x01,
            (byte)records[0].Length,
        ];
    }

    private static byte[] Entry(string name, string number)
    {
        var digits = Convert.FromHexString(number);
        return
        [
            .. name.Select(letter => (byte)letter), .. Filled(10 - name.Length, 0xFF),
            digits.Length == 0 ? (byte)0xFF : (byte)digits.Length, .. digits, .. Filled(11 - digits.Length, 0xFF),
            0xFF, 0xFF,
        ];
    }

    private static byte[] Filled(int length, byte octet)
    {
        var octets = new byte[length];
        octets.AsSpan().Fill(octet);
        return octets;
    }
}
