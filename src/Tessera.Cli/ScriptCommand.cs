using System.CommandLine;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Cli;

/// <summary><c>tessera script</c>: scripts and answers as they are read (docs/protocols/script.md).</summary>
internal static class ScriptCommand
{
    private const byte ScriptTag = 0xAA;
    private const byte AnswerTag = 0xAB;

    public static Command Create() => new("script", "Scripts for cards and what came of them.") { Decode() };

    private static Command Decode()
    {
        var hex = new Argument<string[]>("hex")
        {
            Description = "A command script (AA..) or a response script (AB..), in one piece or several.",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command("decode", "Print a line for each step of a script or result of an answer.")
        {
            hex, Verb.Json,
        };
        command.SetAction(parsed =>
            Print(Verb.Hex("script", string.Concat(parsed.GetRequiredValue(hex))), parsed.GetValue(Verb.Json)));
        return command;
    }

    private static void Print(Bytes octets, bool json)
    {
        switch (octets.Length == 0 ? (byte?)null : octets.Span[0])
        {
            case ScriptTag:
                var script = ReadScript(octets);
                Print(json, ScriptText.Describe(script), () => ScriptJson.Of(script));
                break;
            case AnswerTag:
                var answer = octets.Read<ResponseScript>();
                Print(json, ScriptText.Describe(answer), () => ScriptJson.Of(answer));
                break;
            case { } tag:
                throw new WireFormatException(
                    "script", 0, $"{tag:X2} is neither a command script (AA) nor a response script (AB)");
            case null:
                throw new WireFormatException("script", 0, "no octets");
        }
    }

    private static void Print(bool json, IEnumerable<string> lines, Func<object> value)
    {
        if (json) Verb.PrintJson(value());
        else foreach (var line in lines) Console.WriteLine(line);
    }

    /// <summary>An interpreter refuses the same octets with tag 90 and the code named here.</summary>
    private static CommandScript ReadScript(Bytes octets)
    {
        try
        {
            return octets.Read<CommandScript>();
        }
        catch (ScriptFormatException e)
        {
            throw new FormatException($"{e.Message} (90 {(byte)e.Error:X2})", e);
        }
    }
}
