# `cmake --install` and `cpack`: the binary, its unit, an example configuration, the documents.
include(GNUInstallDirs)
install(TARGETS otpd RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${CMAKE_SOURCE_DIR}/packaging/otpd.service DESTINATION lib/systemd/system)
install(FILES ${CMAKE_SOURCE_DIR}/config/otpd.example.toml DESTINATION ${CMAKE_INSTALL_DOCDIR}/config)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/docs DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES ${CMAKE_SOURCE_DIR}/README.md ${CMAKE_SOURCE_DIR}/ARCHITECTURE.md ${CMAKE_SOURCE_DIR}/CHANGELOG.md
  DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(CPACK_GENERATOR DEB TGZ)
set(CPACK_PACKAGE_NAME otpd)
set(CPACK_PACKAGE_CONTACT "the otpd developers")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Self-hosted server for one-time codes")
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libc6 (>= 2.36), ca-certificates")
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
include(CPack)
