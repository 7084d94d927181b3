using Tessera.Cards.Purse;
using Tessera.Toolkit.Scripts;

namespace Tessera.Platform.Tests.Sessions.Model;

/// <summary>What a script would move on the purse.</summary>
internal static class ScriptMoves
{
    /// <summary>One of its steps, or of what may follow a choice, is a MOVE of that kind.</summary>
    public static bool Moves(this CommandScript script, MoveKind kind) => script.Numbered().Any(
        one => one.Step is CardStep { Command: { Cla: 0x80, Ins: 0x54 } command } && command.P1 == (byte)kind);
}
