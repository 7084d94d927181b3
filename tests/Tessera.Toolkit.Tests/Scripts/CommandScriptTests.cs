using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Testing;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Toolkit.Tests.Scripts;

public class CommandScriptTests
{
    [Fact]
    public void The_worked_scripts_hold()
    {
        Assert.NotEmpty(WorkedScripts.Scripts);
        foreach (var octets in WorkedScripts.Scripts) WireFormat.Holds(octets.Read<CommandScript>(), octets.ToString());
    }

    [Fact]
    public void The_builder_builds_the_worked_script()
    {
        var built = new ScriptBuilder()
            .Perform(ProactiveCommand.SelectItem("Where to?", "Centre 3.20", "Airport 4.80", "Harbour 2.60"), out var choice)
            .VerifyPin(out var pin)
            .Pick(4, Operand(320, 0xA0), Operand(480, 0xA1), Operand(260, 0xA2))
            .Move(new CommandApdu(0x80, 0x54, 0x01, 0x00, Bytes.FromHex("FFFFFB1E"), Le: 256), out var move)
            .Perform(ProactiveCommand.DisplayText("Paid. Thank you"), out var thanks)
            .Build(0x002A, 1);

        Assert.Equal(WorkedScripts.Scripts[0], Bytes.Of(built));
        Assert.Equal((1, 3, 6, 7), (choice, pin, move, thanks));
    }

    [Fact]
    public void Every_step_holds()
    {
        var script = new ScriptBuilder()
            .Send(PurseCommands.Select)
            .Perform(ProactiveCommand.SelectItem("Да", "one", "Два"))
            .Branch(
                one => one.Perform(ProactiveCommand.GetInput("Name", 1, 20, InputQualifier.Letters)),
                two => two.Branch(deep => deep.Branch(deeper => deeper.Branch(deepest => deepest.ShowList(7, 0x0102, out _)))),
                three => { })
            .Expect(StatusWord.Success, StatusWord.WithTriesLeft(2))
            .Add(InputStep.Text(0, 16, 1, 15))
            .Add(InputStep.Amount(16))
            .Add(new InputStep(20, InputSource.Text, InputFormat.Ascii, 3, 0, 0))
            .Send(new CommandApdu(0x80, 0x64, 0x00, 0x07, Le: 1))
            .ChangePin(out _)
            .UnblockPin(out _)
            .ExpectAnything()
            .Send(PurseCommands.End)
            .Perform(ProactiveCommand.PlayTone(Tone.GeneralBeep, TimeUnit.Tenths, 5))
            .Perform(ProactiveCommand.PlayTone(Tone.GeneralBeep, TimeUnit.Tenths, 5) with { Objects = [] })
            .Perform(ProactiveCommand.GetInkey("Sure?", InputQualifier.HiddenOrYesNo))
            .Perform(ProactiveCommand.SetUpCall("Bank", "+4512345678"))
            .KeepList(8, 0xFFFE, ProactiveCommand.SelectItem("Да", "one", "Два"), out _)
            .KeepList(0, 0, ProactiveCommand.SelectItem("", "x"), out _)
            .Add(CachedListStep.Titled(new ListVersion(8, 0xFFFE), "Title"))
            .Add(CachedListStep.Titled(new ListVersion(9, 1), ""))
            .Sign(0x9C, SignatureAlgorithm.Rsa2048, out _)
            .Sign(0x9E, SignatureAlgorithm.EccP256, out _, Bytes.FromHex("B1B2B3B4B5B6B7B8C1C2C3C4C5C6C7C8"))
            .Print("Да", withPayment: true)
            .Print("one\ntwo")
            .Print("", withPayment: true)
            .Build(0xBEEF, 255);

        WireFormat.Holds(script, Bytes.Of(script).ToString());
    }

    [Fact]
    public void Steps_are_numbered_depth_first_and_the_builder_tells_the_same()
    {
        byte inner = 0, after = 0;
        var script = new ScriptBuilder()
            .Perform(ProactiveCommand.SelectItem("?", "a", "b"))
            .Branch(
                a => a.VerifyPin().Perform(ProactiveCommand.DisplayText("a")),
                b => b.Branch(c => c.Perform(ProactiveCommand.DisplayText("c"), out inner)))
            .Perform(ProactiveCommand.DisplayText("d"), out after)
            .Build(1, 1);

        var numbered = script.Numbered().ToArray();

        Assert.Equal(Enumerable.Range(1, 8).Select(i => (byte)i), numbered.Select(step => step.Ordinal));
        Assert.Equal([0, 0, 1, 1, 1, 1, 2, 0], numbered.Select(step => step.Depth));
        Assert.Equal((7, 8), (inner, after));
        Assert.Equal(new ToolkitStep(ProactiveCommand.DisplayText("c"), IsShort: true), numbered[6].Step);
    }

    [Fact]
    public void A_long_form_stays_long()
    {
        var command = ProactiveCommand.DisplayText("hi");
        var script = new CommandScript(1, 1, [new ToolkitStep(command, IsShort: false), ToolkitStep.Of(command)]);

        Assert.Equal(
            Bytes.FromHex("AA1D C004 01 0001 01 D00E 8103012180 82028102 8D03046869 C105 2180 04 6869"),
            Bytes.Of(script));
        Assert.Equal(script, Bytes.Of(script).Read<CommandScript>());
    }

    // Each line breaks one rule; the first three have no head that could be echoed.
    [Theory]
    [InlineData("", FormatError.LengthNotFound, false)]
    [InlineData("AB06 C004 01000101", FormatError.UnknownTag, false)]
    [InlineData("AA80", FormatError.LengthNotFound, false)]
    [InlineData("AA8106 C004 01000101", FormatError.LengthNotFound, false)]
    [InlineData("AA07 C004 01000101", FormatError.WrongLength, false)]
    [InlineData("AA06 C004 01000101 00", FormatError.WrongLength, true)]
    [InlineData("AA00", FormatError.Head, false)]
    [InlineData("AA06 2204 805E0000", FormatError.Head, false)]
    [InlineData("AA05 C003 010001", FormatError.WrongLength, false)]
    [InlineData("AA06 C004 02000101", FormatError.Head, true)]
    [InlineData("AA06 C004 01000100", FormatError.Head, true)]
    [InlineData("AA0C C004 01000101 C004 01000101", FormatError.Head, true)]
    [InlineData("AA09 C004 01000101 C70101", FormatError.UnknownTag, true)]
    [InlineData("AA08 C004 01000101 2F00", FormatError.UnknownTag, true)]
    [InlineData("AA08 C004 01000101 E200", FormatError.UnknownTag, true)]
    [InlineData("AA0A C004 01000101 E102 2200", FormatError.UnknownTag, true)]
    [InlineData("AA08 C004 01000101 E100", FormatError.WrongLength, true)]
    [InlineData("AA07 C004 01000101 22", FormatError.LengthNotFound, true)]
    [InlineData("AA08 C004 01000101 2204", FormatError.WrongLength, true)]
    [InlineData("AA09 C004 01000101 228100", FormatError.LengthNotFound, true)]
    [InlineData("AA0B C004 01000101 2203 805E00", FormatError.WrongLength, true)]
    [InlineData("AA0D C004 01000101 E105 E204 22 04 80", FormatError.WrongLength, true)]
    public void Says_what_is_wrong_with_the_frame(string hex, FormatError error, bool head) =>
        Refused(Bytes.FromHex(hex), error, head);

    [Theory]
    // A modifier with nothing to modify: at the end, before a toolkit step, a branch, a signature, at the end of a branch.
    [InlineData("C402 0008", FormatError.NothingToModify)]
    [InlineData("C204 9000FFFF C103 218004", FormatError.NothingToModify)]
    [InlineData("C402 0008 E102E200 2205 805E0000 00", FormatError.NothingToModify)]
    [InlineData("C204 9000FFFF CC02 9C11", FormatError.NothingToModify)]
    [InlineData("C204 9000FFFF D801 01", FormatError.NothingToModify)]
    [InlineData("E106 E204 C402 0008 2205 805E0000 00", FormatError.NothingToModify)]
    // Lengths of steps.
    [InlineData("C200", FormatError.WrongLength)]
    [InlineData("C203 9000FF", FormatError.WrongLength)]
    [InlineData("C303 002108", FormatError.WrongLength)]
    [InlineData("C401 00", FormatError.WrongLength)]
    [InlineData("D800", FormatError.WrongLength)]
    [InlineData("C502 0001", FormatError.WrongLength)]
    [InlineData("C602 0100", FormatError.WrongLength)]
    [InlineData("CC01 9C", FormatError.WrongLength)]
    [InlineData("C101 21", FormatError.WrongLength)]
    // Commands for the card: extended lengths, wrong Lc, no Lc under a modifier, octets left over.
    [InlineData("2207 00A40400 000001", FormatError.MalformedStep)]
    [InlineData("220F 00A40400 000008 A000000003080000", FormatError.MalformedStep)]
    [InlineData("2207 00A40400 03 0102", FormatError.MalformedStep)]
    [InlineData("2208 00A40400 01 010000", FormatError.MalformedStep)]
    [InlineData("C402 0008 2204 805E0000", FormatError.MalformedStep)]
    [InlineData("C402 0008 2207 805E0000 00 0000", FormatError.MalformedStep)]
    // Offsets past the data, more than 255 octets of data.
    [InlineData("C402 0108 2205 80640007 00", FormatError.MalformedStep)]
    [InlineData("C402 0020 C402 2108 2205 80640007 00", FormatError.MalformedStep)]
    [InlineData("C304 00 22FF 00 C402 0008 2205 80640007 00", FormatError.MalformedStep)]
    // Inputs: source 0 and 7, format 3, a finger of another size, format, bounds or place, text not ASCII, amount not binary of 4, bounds that do not fit.
    [InlineData("C304 00200868 2205 00200080 00", FormatError.MalformedStep)]
    [InlineData("C304 00270868 2205 00200080 00", FormatError.MalformedStep)]
    [InlineData("C304 0006BA00 2205 00210081 00", FormatError.MalformedStep)]
    [InlineData("C304 0026BB00 2205 00210081 00", FormatError.MalformedStep)]
    [InlineData("C304 0006BB11 2205 00210081 00", FormatError.MalformedStep)]
    [InlineData("C402 0008 C304 0106BB00 2205 00210081 00", FormatError.MalformedStep)]
    [InlineData("C304 00310868 2205 00200080 00", FormatError.MalformedStep)]
    [InlineData("C304 00020808 2205 80640007 00", FormatError.MalformedStep)]
    [InlineData("C304 00130404 2205 80640007 00", FormatError.MalformedStep)]
    [InlineData("C304 00030801 2205 80640007 00", FormatError.MalformedStep)]
    [InlineData("C304 00210886 2205 00200080 00", FormatError.MalformedStep)]
    [InlineData("C304 00220409 2205 80640007 00", FormatError.MalformedStep)]
    [InlineData("C304 00220490 2205 80640007 00", FormatError.MalformedStep)]
    [InlineData("C304 00220000 2205 80640007 00", FormatError.MalformedStep)]
    // Digests of 0 and 33 octets; operands that the size does not divide; size 0.
    [InlineData("C402 0000 2205 80640007 00", FormatError.MalformedStep)]
    [InlineData("C402 0021 2205 80640007 00", FormatError.MalformedStep)]
    [InlineData("C505 0002 010203 2205 80640007 00", FormatError.MalformedStep)]
    [InlineData("C503 0000 01 2205 80640007 00", FormatError.MalformedStep)]
    // Short forms: of no such type, another DCS, half a UCS2 character, items that run out, a tone with half a duration.
    [InlineData("C104 1000 0400", FormatError.MalformedStep)]
    [InlineData("C103 2180 00", FormatError.MalformedStep)]
    [InlineData("C104 2180 0804", FormatError.MalformedStep)]
    [InlineData("C102 2180", FormatError.MalformedStep)]
    [InlineData("C103 2400 00", FormatError.MalformedStep)]
    [InlineData("C105 2400 00 0241", FormatError.MalformedStep)]
    [InlineData("C104 2000 1001", FormatError.MalformedStep)]
    [InlineData("C104 2300 0108", FormatError.MalformedStep)]
    // Prints: an unknown flag, nothing to print, no character, another DCS, half a UCS2 character.
    [InlineData("D801 02", FormatError.MalformedStep)]
    [InlineData("D801 81", FormatError.MalformedStep)]
    [InlineData("D801 00", FormatError.MalformedStep)]
    [InlineData("D802 0004", FormatError.MalformedStep)]
    [InlineData("D802 0108", FormatError.MalformedStep)]
    [InlineData("D803 0000 41", FormatError.MalformedStep)]
    [InlineData("D803 0008 04", FormatError.MalformedStep)]
    // Proactive commands: no devices, unreadable text, two items with one identifier, an item 0, an empty item, none.
    [InlineData("C604 010001 05", FormatError.MalformedStep)]
    [InlineData("C605 010001 0183", FormatError.MalformedStep)]
    [InlineData("C606 010001 00 0241", FormatError.MalformedStep)]
    [InlineData("C606 010001 00 0183", FormatError.MalformedStep)]
    [InlineData("C607 010001 00 0281 41", FormatError.MalformedStep)]
    [InlineData("D005 8103012180", FormatError.MalformedStep)]
    [InlineData("D00E 8103012180 82028102 8D03 F46869", FormatError.MalformedStep)]
    [InlineData("D011 8103012400 82028182 8F020141 8F020142", FormatError.MalformedStep)]
    [InlineData("D00D 8103012400 82028182 8F020041", FormatError.MalformedStep)]
    [InlineData("D00F 8103012400 82028182 8F020141 8F00", FormatError.MalformedStep)]
    [InlineData("D009 8103012400 82028182", FormatError.MalformedStep)]
    public void Says_what_is_wrong_with_a_step(string hex, FormatError error) =>
        Refused(Framed(hex), error, head: true);

    [Theory]
    [InlineData(96, null)]
    [InlineData(97, FormatError.TooManySteps)]
    public void Takes_96_steps(int count, FormatError? error)
    {
        var octets = Framed(string.Concat(Enumerable.Repeat("2204 805E0000", count)));

        if (error is { } expected) Refused(octets, expected, head: true);
        else Assert.Equal(count, octets.Read<CommandScript>().Steps.Count);
    }

    [Fact]
    public void Counts_the_steps_of_branches_too()
    {
        var branch = string.Concat(Enumerable.Repeat("2204 805E0000", 48)).Replace(" ", "", StringComparison.Ordinal);
        var length = (branch.Length / 2).ToString("X4", System.Globalization.CultureInfo.InvariantCulture);
        var outer = ((branch.Length + 8) / 2).ToString("X4", System.Globalization.CultureInfo.InvariantCulture);

        Refused(Framed($"E182{outer} E282{length} {branch} {branch}"), FormatError.TooManySteps, head: true);
    }

    [Fact]
    public void Branches_go_four_deep()
    {
        Assert.Single(Framed(Nested(4)).Read<CommandScript>().Steps);
        Refused(Framed(Nested(5)), FormatError.TooDeep, head: true);

        static string Nested(int depth) => depth == 0
            ? "2204805E0000"
            : Wrapped("E1", Wrapped("E2", Nested(depth - 1)));

        static string Wrapped(string tag, string value) => $"{tag}{value.Length / 2:X2}{value}";
    }

    [Theory]
    [InlineData(8192, null)]
    [InlineData(8193, FormatError.WrongLength)]
    public void Takes_8192_octets(int length, FormatError? error)
    {
        // AA and its length take 4, C0 6; each text 4 octets of tag and length and 3 before its characters.
        var steps = new List<ScriptStep>();
        for (var rest = length - 10; rest > 0;)
        {
            var size = rest > 4000 ? 2000 : rest;
            steps.Add(ToolkitStep.Of(ProactiveCommand.DisplayText(new string('x', size - 7))));
            rest -= size;
        }

        var octets = Bytes.Of(new CommandScript(1, 1, steps.ToSequence()));

        Assert.Equal(length, octets.Length);
        if (error is { } expected) Refused(octets, expected, head: false);
        else Assert.True(CommandScript.TryRead(octets, out _, out _));
    }

    [Fact]
    public void Noise_is_answered_with_bad_format_or_reads_and_writes_alike()
    {
        var random = new Random(102226);
        var seeds = WorkedScripts.Scripts.Select(script => script.ToArray()).ToArray();
        var read = 0;
        for (var i = 0; i < 30_000; i++)
        {
            var octets = (byte[])seeds[random.Next(seeds.Length)].Clone();
            for (var flips = random.Next(4); flips >= 0; flips--)
                octets[random.Next(octets.Length)] = (byte)random.Next(256);
            var bytes = new Bytes(i % 10 == 0 ? octets[..random.Next(octets.Length)] : octets);

            if (CommandScript.TryRead(bytes, out var script, out var refusal))
            {
                read++;
                Assert.Equal(bytes, Bytes.Of(script));
            }
            else
            {
                Assert.NotNull(refusal.BadFormat);
                Assert.Equal(refusal, Bytes.Of(refusal).Read<ResponseScript>());
            }
        }

        Assert.InRange(read, 1000, 29_000);
    }

    [Fact]
    public void The_builder_refuses_what_the_reader_would()
    {
        Assert.Throws<InvalidOperationException>(() => new ScriptBuilder().Expect(StatusWord.Success).Build(1, 1));
        Assert.Throws<InvalidOperationException>(() => new ScriptBuilder().Send(PurseCommands.End).Build(1, 0));
        Assert.Throws<InvalidOperationException>(() => new ScriptBuilder().Pick(0, Bytes.FromHex("01"), Bytes.FromHex("0102"))
            .Send(PurseCommands.End).Build(1, 1));
    }

    private static void Refused(Bytes octets, FormatError error, bool head)
    {
        Assert.False(CommandScript.TryRead(octets, out var script, out var refusal));
        Assert.Null(script);
        Assert.Equal(new BadFormat(error), refusal.End);
        Assert.Equal(head, refusal.Head is not null);
        Assert.Equal(0, refusal.Executed);
        Assert.ThrowsAny<WireFormatException>(() => octets.Read<CommandScript>());
    }

    private static Bytes Framed(string steps)
    {
        var inner = Bytes.FromHex("C004 01000101" + steps);
        return Bytes.Of(new Tlv(0xAA, inner));
    }

    private static Bytes Operand(uint amount, byte s2) => Bytes.Of(output =>
    {
        var writer = new ByteWriter(output);
        writer.WriteUInt32(amount);
        writer.WriteOctets(Enumerable.Repeat(s2, 8).ToArray());
    });
}
