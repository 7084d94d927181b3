using System.Security.Authentication;
using Tessera.Cards;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Issuing;

/// <summary>A personalisation ends anywhere, is begun again, and the card is the one that was wanted.</summary>
public class PersonalisationCutTests
{
    private static readonly IssuedCard[] Kinds = [new() { HasPiv = true }, new() { IsSim = true }, new() { HasPurse = false }];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task At_every_command_before_it_and_behind_it()
    {
        foreach (var kind in Kinds)
        {
            var blank = kind.Blank();
            var cuts = 0;
            for (var completed = false; !completed; cuts++)
            {
                completed = true;
                foreach (var isDone in (bool[])[false, true])
                {
                    using var card = TestCard.Open(blank);
                    completed &= await TryAsync(() => kind.IssueAsync(new PulledCard(card, cuts, isDone), Cancel));
                    card.Os.Reset();
                    await kind.IssueAsync(card, Cancel);
                    card.Os.Reset();
                    await kind.ProveAsync(card, Cancel);
                }
            }

            Assert.InRange(cuts, 20, 60);
        }
    }

    [Fact]
    public async Task At_every_physical_step_of_the_memory()
    {
        foreach (var kind in Kinds)
        {
            var blank = kind.Blank();
            var steps = 0;
            for (var completed = false; !completed; steps++)
            {
                var medium = new CutMedium(blank);
                using (var card = TestCard.Open(medium))
                {
                    medium.CutAfter(steps, length => length / 2, new Random(steps));
                    completed = await TryAsync(() => kind.IssueAsync(card, Cancel));
                }

                using var again = TestCard.Open(medium.Image);
                await kind.IssueAsync(again, Cancel);
                again.Os.Reset();
                await kind.ProveAsync(again, Cancel);
            }

            Assert.InRange(steps, 50, 250);
        }
    }

    [Fact]
    public async Task Cut_as_one_card_it_can_become_another()
    {
        var others = 0;
        for (var cut = 12; ; cut++, others++)
        {
            using var card = TestCard.Open(new IssuedCard().Blank());
            await TryAsync(() => new IssuedCard { HasPurse = false }.IssueAsync(new PulledCard(card, cut, true), Cancel));
            if ((await StateAsync(card)).State == Cards.SecureChannels.CardLifeCycle.Secured) break;
            card.Os.Reset();
            await new IssuedCard().IssueAsync(card, Cancel);
            card.Os.Reset();
            await new IssuedCard().ProveAsync(card, Cancel);
        }

        Assert.True(others > 5, $"{others}");
    }

    private static async Task<Cards.Issuing.BlankState> StateAsync(TestCard card)
    {
        using var masters = IssuedCard.Channel();
        return (await Cards.Issuing.Personaliser.OpenAsync(new CardChannel(card), masters, Cancel)).Blank;
    }

    private static async Task<bool> TryAsync(Func<Task> issue)
    {
        try
        {
            await issue();
            return true;
        }
        catch (Exception cut) when (cut is IOException or ConnectionLostException or AuthenticationException)
        {
            return false;
        }
    }

    /// <summary>Pulled at a command: before the card got it, or before its answer came.</summary>
    private sealed class PulledCard(TestCard card, int commands, bool isDone) : ICardChannel
    {
        private int _left = commands;

        public async ValueTask<ResponseApdu> TransmitAsync(CommandApdu command, CancellationToken cancel)
        {
            if (_left-- > 0) return await card.TransmitAsync(command, cancel);
            if (isDone) await card.TransmitAsync(command, cancel);
            throw new ConnectionLostException("The card was pulled.");
        }
    }
}
