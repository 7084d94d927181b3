using System.CommandLine;
using Tessera.Cli;
using Tessera.Cli.Apdus;
using Tessera.Cli.Identity;
using Tessera.Cli.Keys;
using Tessera.Cli.Modems;
using Tessera.Cli.Piv;
using Tessera.Cli.SecureChannels;
using Tessera.Cli.Signing;
using Tessera.Cli.Store;

var root = new RootCommand("Tessera: card applications wherever the card is.")
{
    ApduCommand.Create(),
    AuthorityCommand.Create(),
    CardCommand.Create(),
    DtmfCommand.Create(),
    EvidenceCommand.Create(),
    FingerCommand.Create(),
    HandsetCommand.Create(),
    HouseCommand.Create(),
    IdentityCommand.Create(),
    KeyCommand.Create(),
    LabCommand.Create(),
    LedgerCommand.Create(),
    LineCommand.Create(),
    ModemCommand.Create(),
    OtaCommand.Create(),
    PivCommand.Create(),
    PurseCommand.Create(),
    ReaderCommand.Create(),
    ScpCommand.Create(),
    ScriptCommand.Create(),
    SipCommand.Create(),
    SmppCommand.Create(),
    SmsCommand.Create(),
    SmscCommand.Create(),
    StoreCommand.Create(),
    TerminalCommand.Create(),
    VaultCommand.Create(),
    VerifierCommand.Create(),
};

return await Verb.RunAsync(root, args);
