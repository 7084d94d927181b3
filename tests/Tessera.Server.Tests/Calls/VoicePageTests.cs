using Tessera.Phone.Speech;
using Tessera.Phone.Tones;
using Tessera.Platform.Sessions;
using Tessera.Platform.Views;
using Tessera.Server.Calls;
using Tessera.Wire;
using Xunit;

namespace Tessera.Server.Tests.Calls;

/// <summary>What an application shows, heard by a caller who has nothing but ears and keys.</summary>
public class VoicePageTests
{
    private static readonly View Load = View.Titled("Load how much?");
    private static readonly AmountPage OneToFifty = new(Load, Amount.Of(1), Amount.Of(50));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Phrase English => Phrase.In(SpokenLanguage.English);

    [Fact]
    public async Task A_note_is_spoken_in_voice_and_goes_on_by_itself()
    {
        using var caller = new Conversation();

        var answer = await Present(caller, new NotePage(View.Of("Your balance is 37.50.")));

        Assert.IsType<Continued>(answer);
        Assert.True(caller.Hears(English.Say("balance").Amount(3750)));
        Assert.False(caller.Hears(English.Say("look-at-device")));
        Assert.Equal(1, caller.Pauses);
    }

    [Theory]
    [InlineData(KeySource.Events)]
    [InlineData(KeySource.Sound)]
    public async Task A_choice_is_taken_by_its_key(KeySource source)
    {
        using var caller = new Conversation(source, "2");

        var answer = await Present(caller, new ChoicePage(View.Titled("Please choose."), ["Coffee 2.80", "Lunch 12.50"]));

        Assert.Equal(new Chosen(1), answer);
        Assert.True(caller.Hears(English.Say("choose")));
        Assert.True(caller.Hears(English.Say("lunch").Amount(1250).Say("for-press").Number(2)));
    }

    [Fact]
    public async Task Nine_leads_on_where_there_are_more_than_nine_and_comes_round_again()
    {
        string[] cups = [.. Enumerable.Range(1, 10).Select(number => $"{number}")];
        using var further = new Conversation("9", "2");
        using var round = new Conversation("9", "9", "8");
        using var nothing = new Conversation("9", "3");

        Assert.Equal(new Chosen(9), await Present(further, new ChoicePage(Load, cups)));
        Assert.True(further.Hears(English.Say("more").Say("for-press").Number(9)));
        Assert.Equal(new Chosen(7), await Present(round, new ChoicePage(Load, cups)));
        Assert.Equal(new Left(), await Present(nothing, new ChoicePage(Load, cups)));
    }

    [Fact]
    public async Task Star_and_zero_say_it_again_and_are_no_tries()
    {
        using var caller = new Conversation("*", "0", "*", "0", "", "1");

        Assert.Equal(new Chosen(0), await Present(caller, new ChoicePage(Load, ["Stop"])));

        Assert.Equal(6, caller.Questions);
        Assert.True(caller.Hears(English.Say("again")));
        Assert.False(caller.Hears(English.Say("wrong")));
    }

    [Theory]
    [InlineData("", "", "")]
    [InlineData("7", "", "8")]
    public async Task Silence_and_wrong_keys_end_after_three_tries(params string[] keys)
    {
        using var caller = new Conversation(keys);

        Assert.Equal(new Left(), await Present(caller, new ChoicePage(Load, ["Coffee", "Stop"])));

        Assert.Equal(3, caller.Questions);
        Assert.Equal(keys[0].Length > 0, caller.Hears(English.Say("wrong")));
    }

    [Fact]
    public async Task Hash_leaves_at_once()
    {
        using var caller = new Conversation("#");

        Assert.Equal(new Left(), await Present(caller, new ChoicePage(Load, ["Coffee", "Stop"])));
        Assert.Equal(1, caller.Questions);
    }

    [Theory]
    [InlineData("20#", "20", 2000)]
    [InlineData("12*50#", "12.50", 1250)]
    public async Task An_amount_is_typed_spoken_back_and_confirmed(string keys, string typed, long cents)
    {
        using var caller = new Conversation(keys, "1");

        Assert.Equal(new Typed(typed), await Present(caller, OneToFifty));
        Assert.True(caller.Hears(English.Amount(cents).Say("correct").Say("for-press").Number(1)));
    }

    [Fact]
    public async Task Keys_that_were_pressed_before_a_page_asks_choose_and_confirm_nothing()
    {
        using var chooser = new Conversation("2");
        chooser.PressAhead("1");
        Assert.Equal(new Chosen(1), await Present(chooser, new ChoicePage(Load, ["10.00", "20.00"])));

        using var typist = new Conversation("20#", "1");
        typist.PressAhead("30#1");
        Assert.Equal(new Typed("20"), await Present(typist, OneToFifty));

        using var hasty = new Conversation("20#1", "2", "30#", "1");
        Assert.Equal(new Typed("30"), await Present(hasty, OneToFifty));
        Assert.Equal(4, hasty.Questions);
    }

    [Fact]
    public async Task Offers_are_chosen_ahead_until_one_is_wrong()
    {
        short[][] offers = [English.Say("coffee").ToSamples(), English.Say("tea").ToSamples()];
        using var knows = new Conversation("");
        knows.PressAhead("2");
        Assert.Equal(1, await new KeyMenu(knows.Voice).ChooseAsync([], offers, Cancel));
        Assert.False(knows.Hears(English.Say("coffee")));

        using var errs = new Conversation("", "2");
        errs.PressAhead("91");
        Assert.Equal(1, await new KeyMenu(errs.Voice).ChooseAsync([], offers, Cancel));
        Assert.True(errs.Hears(English.Say("wrong")));
    }

    [Fact]
    public async Task An_amount_that_is_not_confirmed_or_out_of_bounds_is_asked_again()
    {
        using var denied = new Conversation("20#", "2", "30#", "1");
        using var tooMuch = new Conversation("51#", "0*5#", "1*2*3#");

        Assert.Equal(new Typed("30"), await Present(denied, OneToFifty));
        Assert.Equal(new Left(), await Present(tooMuch, OneToFifty));
        Assert.Equal(3, tooMuch.Questions);
        Assert.True(tooMuch.Hears(English.Say("wrong")));
    }

    [Fact]
    public async Task Text_is_refused_and_so_is_a_choice_that_nobody_can_say()
    {
        using var text = new Conversation();
        using var choice = new Conversation("1");

        Assert.IsType<Cancelled>(await Present(text, new TextPage(Load, 1, 9)));
        Assert.True(text.Hears(English.Say("not-by-phone")));
        Assert.IsType<Cancelled>(await Present(choice, new ChoicePage(Load, ["Coffee", "Quetzalcoatl"])));
        Assert.True(choice.Hears(English.Say("look-at-device")));
        Assert.Equal(0, choice.Questions);
    }

    [Fact]
    public async Task A_card_that_is_out_is_asked_for_until_nobody_presses_the_key()
    {
        using var there = new Conversation { DeviceComes = true };
        using var away = new Conversation();
        using var page = new VoicePage(there.Voice, there);
        using var lost = new VoicePage(away.Voice, away);
        var out_ = new PageStatus(PageState.InsertCard, "The card is out.");

        await page.TellAsync(out_, Cancel);
        Assert.False(page.Gone.IsCancellationRequested);
        await Assert.ThrowsAsync<ConnectionLostException>(() => lost.TellAsync(out_, Cancel).AsTask());
        Assert.True(lost.Gone.IsCancellationRequested);
        await Assert.ThrowsAsync<ConnectionLostException>(() => lost.PresentAsync(new NotePage(Load), Cancel));
    }

    [Fact]
    public async Task Only_what_matters_is_said_unasked_and_nothing_to_a_caller_who_has_hung_up()
    {
        using var caller = new Conversation();
        using var page = new VoicePage(caller.Voice, caller);
        await page.TellAsync(new PageStatus(PageState.Working, "One moment."), Cancel);
        await page.TellAsync(new PageStatus(PageState.LookAtTerminal, "Please look at your device."), Cancel);
        Assert.Equal(0, caller.Pauses);

        await page.TellAsync(new PageStatus(PageState.Ended, "This card cannot be used here."), Cancel);
        Assert.True(caller.Hears(English.Say("card-refused")));
        var stolen = "This card was reported stolen. It has been blocked. Please ask your issuer.";
        await page.TellAsync(new PageStatus(PageState.Ended, stolen), Cancel);
        Assert.True(caller.Hears(English.Say("stolen").Say("has-been-blocked").Say("ask-issuer")));
        caller.HangUp();
        await page.TellAsync(new PageStatus(PageState.Ended, "This card cannot be used here."), Cancel);
        await Assert.ThrowsAsync<ConnectionLostException>(
            () => page.PresentAsync(new ChoicePage(Load, ["Stop"]), Cancel));
    }

    private static async Task<PageAnswer> Present(Conversation caller, PageRequest request)
    {
        using var page = new VoicePage(caller.Voice, caller);
        return await page.PresentAsync(request, Cancel);
    }
}
