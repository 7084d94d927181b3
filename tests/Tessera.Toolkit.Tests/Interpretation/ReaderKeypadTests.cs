using Tessera.Cards;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Toolkit.Tests.Interpretation;

/// <summary>docs/protocols/script.md §6.2: what the keypad of a reader may send in place of the interpreter.</summary>
public class ReaderKeypadTests
{
    [Fact]
    public void Both_PINs_of_a_change_may_be_typed_at_the_reader_which_sends_them_itself()
    {
        var stage = new Stage { Holder = _ => new ReaderAnswered(Bytes.FromHex("9000").Read<ResponseApdu>()) };

        var answer = stage.Play(new ScriptBuilder().ChangePin(out _));

        Assert.Null(answer.Stopped);
        Assert.Equal("9000", Assert.Single(answer.Results.OfType<CardResult>()).Answer.Status.ToString());
        var place = Assert.Single(stage.Prompts).Place!;
        Assert.Equal("0024008010FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", Bytes.Of(place.Command).ToString());
        Assert.Equal((6, 8), (place.LeastDigits, place.MostDigits));
        Assert.Equal(["0020FF80"], stage.Sent);
    }

    [Fact]
    public void A_wrong_PIN_at_the_reader_is_the_answer_of_the_card()
    {
        var stage = new Stage { Holder = _ => new ReaderAnswered(Bytes.FromHex("63C2").Read<ResponseApdu>()) };

        stage.Stops(new ScriptBuilder().ChangePin(out var change), StopReason.UnexpectedStatus, change);
    }

    [Theory]
    [InlineData("C304 00210868 C304 08240877 2205 00240080 00")]
    [InlineData("C304 00250888 C304 08240868 2205 002C0080 00")]
    public void What_a_reader_cannot_bound_alike_is_typed_at_the_terminal(string steps)
    {
        var stage = new Stage();
        stage.Holder = perform => Stage.Typed(perform.Prompt!.Kind switch
        {
            PromptKind.Pin => "123456",
            PromptKind.Puk => "12345678",
            _ => "7654321",
        });

        Assert.Null(stage.Play(Bytes.Of(new Tlv(0xAA, Bytes.FromHex("C004 01002A01" + steps))).Read<CommandScript>()).Stopped);

        Assert.All(stage.Prompts, prompt => Assert.Null(prompt.Place));
    }
}
