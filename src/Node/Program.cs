using Latecomer.Node.Cli;

return await CommandLine.Run(args);
