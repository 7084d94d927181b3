using System.Security.Cryptography;
using System.Text.Json;
using Tessera.Cards;
using Tessera.Cards.Issuing;
using Tessera.VirtualCard;
using Tessera.Wire;
using Xunit;

namespace Tessera.Cli.Tests.Issuing;

/// <summary>A SIM that was issued is that of its own subscriber, and its network knows it by what the vault gives out.</summary>
public sealed class SimIssueTests : IDisposable
{
    private const string Challenge = "A0A1A2A3A4A5A6A7A8A9AAABACADAEAF";

    private readonly IssuedHere _here = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _here.Dispose();

    [Fact]
    public async Task It_tells_who_it_is_and_authenticates_in_both_classes_by_the_exported_keys()
    {
        var image = await _here.BlankAsync("sim.img", "--profile", "sim");
        var issued = await _here.IssueAsync(
            image, "Ada Marchand", "--msisdn", "33639980021", "--imsi", "208990000000021", "--provider", "Autre",
            "--service-centre", "+33639980020");
        var letter = await IssuedHere.DoAsync("card", "letter", $"{image}.pin", "--letter-key", "env:TESSERA_TEST_LETTER");
        var (k, opc, adm) = await ExportAsync();

        var iccid = issued.GetProperty("sim").GetProperty("iccid").GetString()!;
        Assert.Equal(SimIdentity.Luhn(iccid.AsSpan()[..^1]), iccid[^1]);
        Assert.Equal((4, 8), (letter.GetProperty("simPin").GetString()!.Length, letter.GetProperty("simPuk").GetString()!.Length));
        foreach (var secret in (byte[][])[k, opc])
            Assert.DoesNotContain(Convert.ToHexString(secret), issued.GetRawText(), StringComparison.OrdinalIgnoreCase);

        await using var slot = ImageSlot.Open(image);
        var sim = await slot.InsertedAsync(Cancel);
        Assert.StartsWith(Swapped(iccid), await ReadAsync(sim, "2FE2", 10), StringComparison.Ordinal);
        Assert.Equal($"08{Swapped("9208990000000021")}", await ReadAsync(sim, "7F206F07", 9));
        Assert.Contains(Convert.ToHexString("Autre"u8), await ReadAsync(sim, "7F206F46", 17), StringComparison.Ordinal);
        await DoneAsync(sim, $"A020000A08{Convert.ToHexString(adm)}");
        await DoneAsync(sim, $"A020000208{Padded(letter.GetProperty("simPin2").GetString()!)}");

        var network = new Network(k, opc);
        await DoneAsync(sim, "A0A40000023F00");
        await DoneAsync(sim, "A0A40000027F20");
        await DoneAsync(sim, $"A088000010{Challenge}");
        Assert.StartsWith(network.Response(), await DoneAsync(sim, "A0C000000C"), StringComparison.Ordinal);

        await DoneAsync(sim, "00A4040C07A0000000871002");
        var answer = await DoneAsync(sim, $"008800812210{Challenge}10{network.Token()}00");
        Assert.StartsWith($"DB08{network.Result()}10", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_that_its_network_chose_are_stored_and_not_given_out_and_two_SIMs_are_not_one()
    {
        var (image, other) = (await _here.BlankAsync("one.img", "--profile", "sim"), await _here.BlankAsync("two.img", "--profile", "sim"));
        var (ki, opc) = (await KeyAsync("ki.txt", 0x11), await KeyAsync("opc.txt", 0x22));
        string[] who = ["--msisdn", "33639980021", "--imsi", "208990000000021"];

        await _here.IssueAsync(image, "Ada Marchand", [.. who, "--ki", ki, "--opc", opc]);
        var twice = await IssuedHere.RunAsync(["card", "issue", "--holder", "Ben", .. _here.At(other), .. who]);
        var half = await IssuedHere.RunAsync(["card", "issue", "--holder", "Ben", .. _here.At(other), "--msisdn", "1234567", "--ki", ki]);
        var exported = await IssuedHere.RunAsync([.. Export(), "--out", _here.Folder.File("auc.json")]);

        Assert.Equal((1, "tessera: There is a SIM with that ICCID or IMSI already.\n"), (twice.ExitCode, twice.Error));
        Assert.Equal((1, "tessera: --ki and --opc go together.\n"), (half.ExitCode, half.Error));
        Assert.Contains("0 subscribers", exported.Output, StringComparison.Ordinal);
        await using var slot = ImageSlot.Open(image);
        var sim = await slot.InsertedAsync(Cancel);
        await DoneAsync(sim, "A0A40000027F20");
        await DoneAsync(sim, $"A088000010{Challenge}");
        var network = new Network([.. Enumerable.Repeat((byte)0x11, 16)], [.. Enumerable.Repeat((byte)0x22, 16)]);
        Assert.StartsWith(network.Response(), await DoneAsync(sim, "A0C000000C"), StringComparison.Ordinal);
    }

    /// <summary>The file, opened as an authentication centre does that has both components.</summary>
    private async Task<(byte[] K, byte[] Opc, byte[] Adm)> ExportAsync()
    {
        var file = _here.Folder.File("auc.json");
        var run = await IssuedHere.RunAsync(
            [.. Export(await KeyAsync("a.key", 0x5A), await KeyAsync("b.key", 0x3C)), "--out", file]);
        Assert.True(run.ExitCode == 0, run.Error);
        var subscriber = Assert.Single(
            JsonElement.Parse(await File.ReadAllTextAsync(file, Cancel)).GetProperty("subscribers").EnumerateArray());
        Assert.Equal("208990000000021", subscriber.GetProperty("imsi").GetString());
        using var transport = Aes.Create();
        transport.Key = [.. Enumerable.Repeat((byte)(0x5A ^ 0x3C), 16)];
        return (Unwrapped("k"), Unwrapped("opc"), Unwrapped("adm"));

        byte[] Unwrapped(string key) =>
            transport.DecryptKeyWrapPadded(Convert.FromHexString(subscriber.GetProperty(key).GetString()!));
    }

    private string[] Export(string? first = null, string? second = null) =>
    [
        "vault", "subscribers", "--data", _here.Data, "--first", first ?? _here.Folder.File("ki.txt"), "--second",
        second ?? _here.Folder.File("opc.txt"),
    ];

    private async Task<string> KeyAsync(string name, byte octet)
    {
        var path = _here.Folder.File(name);
        await File.WriteAllTextAsync(path, Convert.ToHexString([.. Enumerable.Repeat(octet, 16)]), Cancel);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead);
        return path;
    }

    private static async Task<string> ReadAsync(ICardChannel sim, string path, int length)
    {
        await DoneAsync(sim, "A0A40000023F00");
        foreach (var file in path.Chunk(4)) await DoneAsync(sim, $"A0A4000002{new string(file)}");
        return await DoneAsync(sim, $"A0B00000{length:X2}");
    }

    private static async Task<string> DoneAsync(ICardChannel sim, string command)
    {
        var answer = await sim.TransmitAsync(Bytes.FromHex(command).Read<CommandApdu>(), Cancel);
        Assert.True(answer.Status.ToString() is ['9', ..] or ['6', '1', ..], $"{command}: {answer.Status}");
        return answer.Data.ToString();
    }

    private static string Swapped(string digits) =>
        string.Concat(digits.Chunk(2).Select(pair => pair is [var low, var high] ? $"{high}{low}" : $"F{pair[0]}"))[..(digits.Length / 2 * 2)];

    private static string Padded(string digits) =>
        string.Concat(digits.Select(digit => $"3{digit}")).PadRight(16, 'F');

    /// <summary>An authentication centre: f1 and f2 of Milenage (3GPP TS 35.206 §4.1), written out.</summary>
    private sealed class Network
    {
        private static readonly byte[] Sequence = [0, 0, 0, 0, 0, 0x20];
        private static readonly byte[] Field = [0x80, 0x00];

        private readonly Aes _aes = Aes.Create();
        private readonly byte[] _opc;
        private readonly byte[] _temp;
        private readonly byte[] _second;

        public Network(byte[] k, byte[] opc)
        {
            (_aes.Key, _opc) = (k, opc);
            _temp = Encrypted(Xor(Convert.FromHexString(Challenge), opc));
            var input = Xor(_temp, opc);
            input[15] ^= 1;
            _second = Xor(Encrypted(input), opc);
        }

        public string Result() => Convert.ToHexString(_second[8..]);

        public string Response() => Convert.ToHexString(Xor(_second[8..12], _second[12..]));

        public string Token()
        {
            byte[] half = [.. Sequence, .. Field];
            var turned = Xor([.. half, .. half], _opc);
            var first = Xor(Encrypted(Xor(_temp, [.. turned[8..], .. turned[..8]])), _opc);
            return Convert.ToHexString([.. Xor(Sequence, _second[..6]), .. Field, .. first[..8]]);
        }

        private byte[] Encrypted(byte[] block) => _aes.EncryptEcb(block, PaddingMode.None);

        private static byte[] Xor(byte[] one, byte[] other) => [.. one.Zip(other, (a, b) => (byte)(a ^ b))];
    }
}
