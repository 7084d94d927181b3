using System.CommandLine;
using Tessera.Cli;

var root = new RootCommand("Tessera: card applications wherever the card is.")
{
    ApduCommand.Create(),
    CardCommand.Create(),
    LabCommand.Create(),
    LedgerCommand.Create(),
    PurseCommand.Create(),
    ReaderCommand.Create(),
    ScriptCommand.Create(),
    TerminalCommand.Create(),
};

return await Verb.RunAsync(root, args);
