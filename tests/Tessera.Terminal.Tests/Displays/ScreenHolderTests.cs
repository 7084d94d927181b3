using Tessera.Terminal.Displays;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Scripts;
using Xunit;

namespace Tessera.Terminal.Tests.Displays;

/// <summary>What a script wants of the holder, as a screen gets it and as the script is told the answer.</summary>
public class ScreenHolderTests
{
    private readonly RichScreen _screen = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_amount_is_asked_behind_the_notice_that_it_is_no_place_for_a_PIN()
    {
        var prompt = new Perform(
            ProactiveCommand.GetInput("Goes to server.\nNo PIN here!\nAmount x 0.01 EUR:", 1, 10),
            new Prompt(PromptKind.Amount, 1, 10) { Currency = 0x0978 });

        var performing = PerformAsync(prompt);
        Assert.Equal(
            new AmountAsked("Goes to server.\nNo PIN here!\nAmount in EUR:", 9),
            (await _screen.AskedAsync<AmountAsked>(Cancel)).Request);
        await _screen.AnswerAsync<AmountAsked>(new Entry("1250"), Cancel);

        Assert.Equal("1250", (await performing).Text);
    }

    [Fact]
    public async Task What_the_holder_answers_comes_back_as_the_standard_says()
    {
        var list = PerformAsync(new Perform(ProactiveCommand.SelectItem("Where?", "Here", "There"), null));
        await _screen.AnswerAsync<ListShown>(new Selected(1), Cancel);
        Assert.Equal((byte)2, (await list).Item);

        var text = PerformAsync(new Perform(ProactiveCommand.DisplayText("Read this"), null));
        await _screen.AnswerAsync<TextShown>(new Acknowledged(), Cancel);
        Assert.Equal(GeneralResult.Success, (await text).Result);

        var input = PerformAsync(new Perform(ProactiveCommand.GetInput("Name?", 1, 20, InputQualifier.Letters), null));
        await _screen.AnswerAsync<TextAsked>(new Entry("Zoë ☕"), Cancel);
        Assert.Equal("Zoë ☕", (await input).Text);

        var key = PerformAsync(new Perform(ProactiveCommand.GetInkey("Sure?", InputQualifier.HiddenOrYesNo), null));
        await _screen.AnswerAsync<DecisionAsked>(new Decided(Yes: true), Cancel);
        Assert.True((await key).IsYes);
    }

    [Fact]
    public async Task A_cancelled_request_ends_the_dialogue_and_a_refused_one_is_a_no()
    {
        var text = PerformAsync(new Perform(ProactiveCommand.DisplayText("Read this"), null));
        await _screen.AnswerAsync<TextShown>(new Cancelled(), Cancel);
        Assert.Equal(GeneralResult.SessionTerminatedByUser, (await text).Result);

        var payment = PerformAsync(new Perform(
            ProactiveCommand.DisplayText("Pay 12.50 EUR?\nLunch"),
            new Prompt(PromptKind.Payment) { Payment = new Payment(PaymentMethod.Key, 0x0978, 1250, "Lunch") }));
        Assert.Equal(new ShownPayment("Lunch", "12.50", "EUR"), (await _screen.AskedAsync<DecisionAsked>(Cancel)).Request.Payment);
        await _screen.AnswerAsync<DecisionAsked>(new Decided(Yes: false), Cancel);
        Assert.Equal(GeneralResult.SessionTerminatedByUser, (await payment).Result);
    }

    [Fact]
    public async Task What_no_screen_can_do_is_beyond_its_capabilities()
    {
        await _screen.AskAsync(new TextShown("Paid", Waits: false), Cancel);

        var tone = await PerformAsync(new Perform(ProactiveCommand.PlayTone(Tone.Error, TimeUnit.Seconds, 1), null));

        Assert.Equal(GeneralResult.BeyondCapabilities, tone.Result);
        Assert.IsType<TextShown>(_screen.Sight.Request);
    }

    private async Task<TerminalResponse> PerformAsync(Perform action) =>
        Assert.IsType<HolderAnswered>(await new ScreenHolder(_screen).PerformAsync(action, Cancel)).Response;
}
