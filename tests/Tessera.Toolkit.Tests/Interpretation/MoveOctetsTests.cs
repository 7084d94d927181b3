using System.Buffers.Binary;
using Tessera.Cards;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Toolkit.Tests.Interpretation;

/// <summary>docs/protocols/script.md §6.3: a debit is what was shown, however its octets are put together.</summary>
public class MoveOctetsTests
{
    public static TheoryData<string> Tricks =>
    [
        // No digest; of seven and nine octets; not at the end; two; where the amount belongs; behind it something else.
        "2216 80540100 10 FFFFFB1E 00000140 B1B2B3B4B5B6B7B8 00",
        "221E 80540100 18 FFFFFB1E 00000140 B1B2B3B4B5B6B7B8 D1D2D3D4D5D6D7D8 00",
        "C402 1007 2217 80540100 11 FFFFFB1E 00000140 B1B2B3B4B5B6B7B8 00 00",
        "C402 0F09 2215 80540100 0F FFFFFB1E 00000140 B1B2B3B4B5B6B7 00",
        "C402 0008 2216 80540100 10 FFFFFB1E 00000140 B1B2B3B4B5B6B7B8 00",
        "C402 0408 2216 80540100 10 FFFFFB1E 00000140 B1B2B3B4B5B6B7B8 00",
        "C402 0F08 2216 80540100 10 FFFFFB1E 00000140 B1B2B3B4B5B6B7B8 00",
        "C402 0808 C402 1008 220E 80540100 08 FFFFFB1E 00000140 00",
        "C402 1004 C402 1404 2216 80540100 10 FFFFFB1E 00000140 B1B2B3B4B5B6B7B8 00",
        // A modifier after the digest that pushes it away, or puts itself into it.
        "C402 0C08 C506 1404 AABBCCDD 2212 80540100 0C FFFFFB1E 00000140 B1B2B3B4 00",
        "C402 0C08 C506 1004 AABBCCDD 2212 80540100 0C FFFFFB1E 00000140 B1B2B3B4 00",
        // A typed amount that lands in adjust, in S2, in the amount of a debit without ceiling; typed text.
        "C304 00030410 C402 1408 2216 80540102 10 00000140 00000140 B1B2B3B4B5B6B7B8 00",
        "C304 0C030410 C402 1408 2216 80540102 10 FFFFFB1E 00000140 B1B2B3B4B5B6B7B8 00",
        "C304 04030410 C402 1008 2212 80540100 0C FFFFFB1E B1B2B3B4B5B6B7B8 00",
        "C304 10220411 C402 1408 2216 80540102 10 FFFFFB1E 00001388 B1B2B3B4B5B6B7B8 00",
        // A typed amount that a later modifier pushes away, behind it an amount of the script.
        "C304 0C030410 C506 1004 00001388 C402 1408 2212 80540102 0C FFFFFB1E 00001388 B1B2B3B4 00",
        "C304 10030410 C506 1004 00001388 C402 1808 2216 80540102 10 FFFFFB1E 00001388 B1B2B3B4B5B6B7B8 00",
        // Lengths, kinds and terms that the purse does not know; typed input into a load and an adjust.
        "C402 1108 2217 80540100 11 FFFFFB1E 00000140 B1B2B3B4B5B6B7B8 00 00",
        "C402 1008 2216 80540102 10 FFFFFB1E 00000140 B1B2B3B4B5B6B7B8 00",
        "C402 1008 2216 80540104 10 FFFFFB1E 00000140 B1B2B3B4B5B6B7B8 00",
        "C402 1008 2216 80540004 10 FFFFFB1E 00000140 B1B2B3B4B5B6B7B8 00",
        "C402 1008 2216 80540400 10 FFFFFB1E 00000140 B1B2B3B4B5B6B7B8 00",
        "C402 1008 2216 80541100 10 FFFFFB1E 00000140 B1B2B3B4B5B6B7B8 00",
        "C402 1208 2218 80540202 12 FFFFFB1E 00000140 B1B2B3B4B5B6B7B8 0000 00",
        "C304 04030410 C402 1008 2212 80540200 0C FFFFFB1E B1B2B3B4B5B6B7B8 00",
        "C304 00030410 C402 1008 2212 80540300 0C 00000000 B1B2B3B4B5B6B7B8 00",
        // MOVE with chaining, secure messaging and channel bits.
        "C402 1008 2216 90540100 10 FFFFFB1E 00000140 B1B2B3B4B5B6B7B8 00",
        "C402 1008 2216 84540100 10 FFFFFB1E 00000140 B1B2B3B4B5B6B7B8 00",
        "C402 1008 2216 81540100 10 FFFFFB1E 00000140 B1B2B3B4B5B6B7B8 00",
    ];

    [Theory]
    [MemberData(nameof(Tricks))]
    public void A_debit_made_otherwise_is_refused_before_anything_is_asked(string steps)
    {
        const string chosen = "C105 218004 5465 C107 2400 00 0141 0142";
        foreach (var verify in new[] { "", "C304 00210868 2205 00200080 00" })
        {
            var stage = new Stage();
            var script = ScriptOf(chosen + verify + steps);

            Assert.Equal(StopReason.NotAllowed, stage.Play(script).Stopped?.Reason);
            Assert.Empty(stage.Prompts);
            Assert.Empty(stage.Sent);
        }
    }

    [Fact]
    public void Whatever_the_modifiers_what_is_sent_is_what_was_shown()
    {
        var random = new Random(63);
        var (sent, refused) = (0, 0);
        for (var round = 0; round < 3000; round++)
        {
            var stage = new Stage();
            stage.Holder = perform => perform switch
            {
                { Command.Type: CommandType.SelectItem } => Stage.Chosen(perform, (byte)random.Next(1, 3)),
                { Prompt.Kind: PromptKind.Amount } => Stage.Entered(perform, $"{random.Next(400)}"),
                _ => Stage.Agree(perform),
            };
            Bytes moved = default;
            stage.Card = command =>
            {
                if (command.Ins == 0x54) moved = Bytes.CopyOf(command.Data.Span);
                return Stage.Answer("9000");
            };

            stage.Play(RandomDebit(random));

            var ceiling = moved.Length == 28;
            if (moved.Length == 0)
            {
                refused++;
                continue;
            }

            sent++;
            var payment = Assert.Single(stage.Trace!.Payments);
            var shown = stage.Prompts.Last(prompt => prompt.Payment is not null).Payment!;
            Assert.Equal(BinaryPrimitives.ReadUInt32BigEndian(moved.Span[(ceiling ? 16 : 4)..]), shown.Amount);
            Assert.Equal(payment.Payment, shown);
            Assert.Equal(moved, payment.Move.Data);
            Assert.True(moved.Span[^8..].SequenceEqual(payment.Digest.Span[..8]));
        }

        Assert.True(sent > 200 && refused > 200, $"{sent} sent, {refused} refused");
    }

    private static CommandScript ScriptOf(string steps) =>
        Bytes.Of(new Tlv(0xAA, Bytes.FromHex("C004 01002A01" + steps))).Read<CommandScript>();

    /// <summary>
    /// A debit cut into data of its own, picks and perhaps a typed amount, put together in some order.
    /// </summary>
    private static ScriptBuilder RandomDebit(Random random)
    {
        var ceiling = random.Next(2) == 0;
        var script = new ScriptBuilder().Perform(ProactiveCommand.SelectItem("?", "Tea", "Gold"));
        if (random.Next(2) == 0) script.VerifyPin();

        var left = 16 + (ceiling && random.Next(2) == 0 ? 4 : 0);
        var own = random.Next(left + 1);
        var typed = ceiling && left == 16;
        var length = own;
        for (left -= own; left > 0;)
        {
            var size = random.Next(1, left + 1);
            script.Pick((byte)random.Next(length + 1), Octets(size), Octets(size));
            (left, length) = (left - size, length + size);
        }

        if (typed) script.Add(InputStep.Amount((byte)(random.Next(3) == 0 ? random.Next(length + 1) : length)));
        if (typed) length += 4;
        var at = random.Next(5) == 0 ? random.Next(length + 1) : length;
        var data = Octets(own);
        return script
            .Add(new ShownDigestStep((byte)at, 8))
            .Send(new CommandApdu(0x80, 0x54, 0x01, (byte)(ceiling ? 2 : 0), data, Le: 256));

        Bytes Octets(int size)
        {
            var octets = new byte[size];
            random.NextBytes(octets);
            return new Bytes(octets);
        }
    }
}
