using Tessera.Cards.Purse;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Toolkit.Tests.Scripts;

public class ScriptTextTests
{
    [Fact]
    public void A_script_has_a_line_for_each_step() => Assert.Equal(
    [
        "script: session 002A, script 1",
        "   1  SELECT ITEM \"Where to?\" 1=\"Centre 3.20\" 2=\"Airport 4.80\" 3=\"Harbour 2.60\"",
        "   2  input pin at 0, 8 octets ascii, 6 to 8 characters",
        "   3  card 00200080",
        "   4  pick at 4 of 00000140A0A0A0A0A0A0A0A0 | 000001E0A1A1A1A1A1A1A1A1 | 00000104A2A2A2A2A2A2A2A2",
        "   5  digest at 16, 8 octets",
        "   6  card 8054010004FFFFFB1E00",
        "   7  DISPLAY TEXT 80 \"Paid. Thank you\"",
    ], ScriptText.Describe(WorkedScripts.Scripts[0].Read<CommandScript>()));

    [Fact]
    public void Branches_are_indented()
    {
        var script = new ScriptBuilder()
            .Perform(ProactiveCommand.SelectItem("?", "a", "b"))
            .Branch(
                a => a.Perform(ProactiveCommand.GetInput("Name\n", 1, 9)),
                b => b.Sign(0x9C, SignatureAlgorithm.EccP256, out _))
            .ExpectAnything().Send(PurseCommands.End)
            .ShowList(3, 4, out _)
            .KeepList(3, 5, ProactiveCommand.SelectItem("?", "a"), out _)
            .Add(CachedListStep.Titled(new ListVersion(3, 5), "Again?"))
            .Sign(0x9E, SignatureAlgorithm.Rsa2048, out _, Bytes.FromHex("B1B2B3B4B5B6B7B8C1C2C3C4C5C6C7C8"))
            .Build(1, 2);

        Assert.Equal(
        [
            "script: session 0001, script 2",
            "   1  SELECT ITEM \"?\" 1=\"a\" 2=\"b\"",
            "   2  branch",
            "    choice 1:",
            "       3  GET INPUT \"Name\\x0A\" 1 to 9",
            "    choice 2:",
            "       4  sign with key 9C, EccP256",
            "   5  expect 0000 mask 0000",
            "   6  card 805E0000",
            "   7  cached list 3, version 4",
            "   8  cached list 3, version 5, to be kept: SELECT ITEM \"?\" 1=\"a\"",
            "   9  cached list 3, version 5, titled \"Again?\"",
            "  10  sign with key 9E, Rsa2048, nonce B1B2B3B4B5B6B7B8C1C2C3C4C5C6C7C8",
        ], ScriptText.Describe(script));
    }

    [Fact]
    public void An_answer_has_a_line_for_each_result()
    {
        Assert.Equal(
        [
            "answer: session 002A, script 1",
            "  1 commands executed",
            "  step 1: success, item 1",
            "  card 63C2",
            "  stopped at step 3: unexpected status",
        ], ScriptText.Describe(WorkedScripts.Responses[1].Read<ResponseScript>()));
        Assert.Equal(
        [
            "answer to octets without a readable head",
            "  0 commands executed",
            "  bad format: wrong length",
        ], ScriptText.Describe(ResponseScript.Refusing(FormatError.WrongLength, null)));
    }

    [Fact]
    public void What_a_holder_entered_is_quoted() => Assert.Equal(
        "  step 4: user refused, \"Ole\", 04 0105",
        ScriptText.Describe(new ResponseScript(null, 0,
        [
            new ToolkitResult(4, GeneralResult.UserRefused,
            [
                new ComprehensionTlv(0x8D, TextString.Encode("Ole")), new ComprehensionTlv(0x04, Bytes.FromHex("0105")),
            ]),
        ]))[2]);
}
