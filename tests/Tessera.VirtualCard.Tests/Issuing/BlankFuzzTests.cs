using Tessera.Cards.SecureChannels;
using Tessera.VirtualCard.Tests.SecureChannels;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Issuing;

/// <summary>Wrong commands at a blank card, without its keys and with them.</summary>
public class BlankFuzzTests
{
    private static readonly string[] Known =
    [
        "00A40400 08 A000000151000000 00", "00A40400 09 F05445535345524101 00", "80CA00E0 00", "80CA0066 00",
        "8050000008 A1A2A3A4A5A6A7A8 00", "8482330010 A1A2A3A4A5A6A7A8 B1B2B3B4B5B6B7B8", "80F28002 02 4F00 00",
        "80E28800 03 900000", "80E28800 0B 900108 1122334455667788", "80F0800F", "80F080FF", "00200080 08 303030303030FFFF",
        "80E40000 0B 4F09 F05445535345524101 00", "80E62000 0F 000009 F05445535345524101 000000 00", "A0A40000 02 3F00",
    ];

    /// <summary>Of who has the keys; nothing of it ends the card.</summary>
    private static readonly string[] Insider =
    [
        "80E28800 03 900000", "80E28800 0B 900108 1122334455667788", "80E28800 13 801010 A1A2A3A4A5A6A7A8B1B2B3B4B5B6B7B8",
        "80E28800 13 801110 A1A2A3A4A5A6A7A8B1B2B3B4B5B6B7B8", "80E40000 0B 4F09 F05445535345524101 00",
        "80E62000 0F 000009 F05445535345524101 000000 00", "80E62000 0F 000009 F05445535345524102 000000 00",
        "80E28800 09 900206 0756000061A8", "80E28800 07 0101 04 0007 6672", "80E28800 05 903002 0102", "80E28800 05 902002 0102",
        "80E28800 1B 800118 05 881110 101112131415161718191A1B1C1D1E1F 03 013808", "80F0800F",
    ];

    private static readonly string[] Answers =
        ["9000", "6700", "6982", "6985", "6A80", "6A84", "6A86", "6A88", "6D00", "9484", "9485"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Without_its_keys_it_stays_blank_and_can_be_issued(int seed)
    {
        var kind = new IssuedCard { IsSim = seed == 2 };
        using var card = TestCard.Open(kind.Blank());
        var random = ApduFuzzing.Of(seed);
        for (var i = 0; i < ApduFuzzing.Commands; i++)
        {
            if (random.Next(300) == 0) card.Os.Reset();
            var command = random.Next(10) == 0
                ? ApduFuzzing.Noise(random, random.Next(300))
                : ApduFuzzing.Mutated(Bytes.FromHex(Known[random.Next(Known.Length)]).ToArray(), random);
            Assert.InRange(card.Os.Transmit(command).Length, 2, 65538);
        }

        Assert.Equal(CardLifeCycle.Initialized, ImageSummary.Read(new CutMedium(card.Image)).Life);
        await EndAsync(kind, card);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task With_them_whatever_was_stored_is_forgotten_when_it_is_issued(int seed)
    {
        var kind = new IssuedCard { IsSim = seed == 4 };
        using var card = TestCard.Open(kind.Blank());
        using var host = new DomainCard(card).Open(0x01);
        var random = ApduFuzzing.Of(seed);
        for (var i = 0; i < ApduFuzzing.Commands / 10; i++)
        {
            var mutated = ApduFuzzing.Mutated(Bytes.FromHex(Insider[random.Next(Insider.Length)]).ToArray(), random);
            if (!VirtualCard.Os.CardOs.TryRead(mutated, out var command) || command.Data.Length > 240) continue;
            // The class, the keys of the domain and the end of the card are left alone.
            if (command.Ins is 0xD8 || (command.Ins == 0xF0 && command.P2 == 0xFF)) continue;
            var status = host.Send(command with { Cla = 0x80, Le = null }).Status.ToString();
            Assert.True(Answers.Contains(status, StringComparer.Ordinal), $"Seed {seed}, command {i} {command}: {status}");
        }

        card.Os.Reset();
        if (ImageSummary.Read(new CutMedium(card.Image)).Life == CardLifeCycle.Initialized) await EndAsync(kind, card);
    }

    private static async Task EndAsync(IssuedCard kind, TestCard card)
    {
        card.Os.Reset();
        await kind.IssueAsync(card, Cancel);
        card.Os.Reset();
        await kind.ProveAsync(card, Cancel);
    }
}
