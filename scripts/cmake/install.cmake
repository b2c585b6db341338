# cmake --install: programs, systemd unit, account, the documented config. The config in /etc is the host's: it is
# copied by hand the first time (deploy/INSTALL.md), so that no upgrade writes over it.
include(GNUInstallDirs)
install(TARGETS viewing-hub RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS viewing-hub-worker RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/viewing-hub)
install(FILES config/hub.toml config/demo.toml DESTINATION ${CMAKE_INSTALL_DATADIR}/viewing-hub)
configure_file(deploy/viewing-hub.service.in ${CMAKE_CURRENT_BINARY_DIR}/viewing-hub.service @ONLY)
# Not the library folder of the architecture: systemd looks into lib.
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/viewing-hub.service DESTINATION lib/systemd/system)
install(FILES deploy/viewing-hub.sysusers DESTINATION lib/sysusers.d RENAME viewing-hub.conf)
