using System.Text.Json;
using Tessera.Cards;
using Tessera.Testing;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Toolkit.Tests.Scripts;

public class PlainScriptTests
{
    private static IEnumerable<JsonElement> Expanded(string kind) =>
        Vectors.Of("Scripts", "expandedFormat.json").Where(vector => vector.Has("kind", kind));

    [Fact]
    public void Scripts_of_the_vectors_hold()
    {
        Assert.Equal(4, Expanded("command").Count());
        foreach (var vector in Expanded("command"))
        {
            var commands = vector.GetProperty("apdus").EnumerateArray()
                .Select(hex => Bytes.FromHex(hex.GetString()).Read<CommandApdu>());
            var script = new PlainScript(commands.ToSequence(), vector.Has("id", "indefinite-length"));
            WireFormat.Holds(script, vector.Field("expected"));
        }
    }

    [Fact]
    public void Responses_of_the_vectors_hold()
    {
        Assert.Equal(5, Expanded("response").Count());
        foreach (var vector in Expanded("response"))
        {
            var answers = vector.TryGetProperty("rapdus", out var list)
                ? list.EnumerateArray().Select(hex => Bytes.FromHex(hex.GetString()).Read<ResponseApdu>()).ToSequence()
                : [];
            var error =
                Error(vector, "badFormat", PlainErrorKind.BadFormat) ??
                Error(vector, "immediateActionError", PlainErrorKind.ImmediateAction) ??
                Error(vector, "scriptChainingError", PlainErrorKind.Chaining);
            var executed = vector.GetProperty("numberExecuted").GetInt32();
            WireFormat.Holds(new PlainResponse(executed, answers, error), vector.Field("packet"));
        }
    }

    [Fact]
    public void The_indefinite_response_holds() =>
        WireFormat.Holds(
            new PlainResponse(1, [new ResponseApdu(StatusWord.Success)], Error: null, IsIndefinite: true),
            "AF80 800101 23029000 0000");

    [Theory]
    [InlineData("AA02 0000")]
    [InlineData("AA03 220100")]
    [InlineData("AA05 C00401000101")]
    [InlineData("AE06 C00401000101")]
    [InlineData("AE80 000100 0000")]
    [InlineData("AE80 220580E2900000")]
    public void Refuses_other_scripts(string hex) =>
        Assert.Throws<WireFormatException>(() => Bytes.FromHex(hex).Read<PlainScript>());

    [Theory]
    [InlineData("AB00")]
    [InlineData("AB04 23029000")]
    [InlineData("AB09 800101 900101 810101")]
    [InlineData("AB06 800101 910101")]
    [InlineData("AB07 800101 90020101")]
    public void Refuses_other_responses(string hex) =>
        Assert.Throws<WireFormatException>(() => Bytes.FromHex(hex).Read<PlainResponse>());

    private static PlainError? Error(JsonElement vector, string name, PlainErrorKind kind) =>
        vector.TryGetProperty(name, out var code) ? new PlainError(kind, Convert.FromHexString(code.GetString()!)[0]) : null;
}
